// Real agents, each on a loopback address of its own.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const SOTTO = process.env.SOTTO;
const WORK = process.env.PAGE_WORK;
const net = `127.${100 + (process.pid % 100)}.${(process.pid >> 7) % 250}`;
const running = new Set();

export const KEY = 'c290dG8tcGFnZS1jaGVjay1ub3QtYS1zZWNyZXQtMTI=';

export class Agent {
  constructor(name, index) {
    this.name = name;
    this.address = `${net}.${index}`;
    this.url = `http://${this.address}:8500`;
  }

  /** Starts it; answers once the API does. */
  async start(...flags) {
    const log = fs.openSync(path.join(WORK, `${this.name}.log`), 'a');
    this.process = spawn(SOTTO, ['agent', '-dev', '-node', this.name, '-bind', this.address, '-client', this.address, '-encrypt', KEY, ...flags], { stdio: ['ignore', log, log] });
    running.add(this);
    for (let i = 0; i < 240; i++) {
      try {
        if ((await fetch(`${this.url}/v1/agent/self`)).status < 500) {
          return this;
        }
      } catch {
        // Not there yet.
      }
      if (this.process.exitCode !== null) {
        break;
      }
      await new Promise((done) => setTimeout(done, 250));
    }
    throw new Error(`agent ${this.name} did not start:\n${fs.readFileSync(path.join(WORK, `${this.name}.log`), 'utf8').slice(-2_000)}`);
  }

  /** As a power failure would. */
  kill() {
    running.delete(this);
    this.process?.kill('SIGKILL');
  }
}

export function killAll() {
  running.forEach((agent) => agent.kill());
}
