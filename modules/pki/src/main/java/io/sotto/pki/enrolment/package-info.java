/**
 * Enrolment: how a member gets its first certificate over a connection that proves nothing yet. An operator makes a one-time token
 * on the node that has the authority's key; the member makes a key of its own, and asks with a signing request that only who holds
 * the token can have made; the answer can only have been made by who knows that token too. Neither the token's secret nor the
 * private key ever travels.
 *
 * <pre>
 *   JoinToken, TokenSecret       what the operator carries to the member
 *   TokenLedger                  what the authority remembers of tokens: no secret
 *   SigningRequest               a key and its PKCS#10 request
 *   EnrolRequest, EnrolAnswer    what travels, each under a keyed hash
 *   EnrolmentDesk                the authority's decision
 *   EnrolmentCheck               the member's judgement of the answer
 * </pre>
 *
 * <p>Pure: time and chance come in as arguments. Source: ours; PKCS#10 is RFC 2986, HMAC is RFC 2104.
 */
@NullMarked
package io.sotto.pki.enrolment;

import org.jspecify.annotations.NullMarked;
