package io.sotto.agent.http;

/** One line of an answer's head. */
public record Header(String name, String value) {}
