// A server that stands where an agent's would: the page itself comes from a real agent, with its headers, the API's answers are
// made up and can be changed while a page looks.

import http from 'node:http';

export class Stage {
  answers = {};
  /** When set, requests of the API need it. */
  token = null;
  /** Whether the agent has a stream of events. */
  streams = true;
  asked = [];
  #watchers = new Set();
  #agent;
  #server;

  constructor(agentUrl) {
    this.#agent = agentUrl;
  }

  async open() {
    await this.#listen(0);
    this.port = this.#server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  #listen(port) {
    this.#server = http.createServer((request, response) => this.#answer(request, response));
    return new Promise((done) => this.#server.listen(port, '127.0.0.1', done));
  }

  /** Ends every connection and takes no new ones. */
  async close() {
    const closed = new Promise((done) => this.#server.close(done));
    this.#server.closeAllConnections();
    this.#watchers.clear();
    await closed;
  }

  /** Listens again where it did before. */
  reopen() {
    return this.#listen(this.port);
  }

  /** Tells an event to all who follow. */
  tell(type, data) {
    for (const watcher of this.#watchers) {
      watcher.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    }
  }

  get watchers() {
    return this.#watchers.size;
  }

  #answer(request, response) {
    const { pathname } = new URL(request.url, 'http://stage');
    this.asked.push({ url: request.url, token: request.headers['x-consul-token'] });
    if (pathname === '/ui' || pathname.startsWith('/ui/')) {
      http
        .get(this.#agent + request.url, { headers: request.headers['if-none-match'] ? { 'If-None-Match': request.headers['if-none-match'] } : {} }, (from) => {
          response.writeHead(from.statusCode, from.headers);
          from.pipe(response);
        })
        .on('error', () => response.destroy());
      return;
    }
    if (this.token !== null && request.headers['x-consul-token'] !== this.token) {
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Permission denied');
      return;
    }
    if (pathname === '/v1/events' && this.streams) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write('retry: 2000\n\n');
      response.write(`event: start\ndata: ${JSON.stringify({ Node: 'x', Datacenter: 'dc1', Version: '0.1.0', At: new Date().toISOString() })}\n\n`);
      for (const Member of this.answers['/v1/agent/members'] ?? []) {
        response.write(`event: member\ndata: ${JSON.stringify({ Kind: 'joined', Since: new Date().toISOString(), Incarnation: 1, Member })}\n\n`);
      }
      for (const suspicion of [...(this.answers['/v1/agent/suspicions'] ?? [])].reverse()) {
        response.write(`event: suspicion\ndata: ${JSON.stringify(suspicion)}\n\n`);
      }
      this.#watchers.add(response);
      response.on('close', () => this.#watchers.delete(response));
      return;
    }
    const answer = this.answers[pathname];
    if (answer === undefined) {
      response.writeHead(404).end();
    } else {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    }
  }
}
