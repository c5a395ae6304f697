package io.sotto.agent.doctor;

import io.sotto.pki.CertificateFacts;

/**
 * A certificate in one of the agent's own files.
 *
 * @param path of the file
 * @param authority whether it is one that the agent trusts, rather than its own
 */
public record CertificateSeen(String path, boolean authority, CertificateFacts facts) {}
