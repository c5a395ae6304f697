/**
 * Echo over mutual TLS 1.3, in one JVM, by several stacks side by side: what {@code modules/bench/run rpc} measures.
 *
 * <p>Both ends of every stack live in the benchmark's process and speak over loopback on one connection, with the same
 * P-256 keys and, where the stack lets itself be told, TLS_AES_128_GCM_SHA256. A {@link io.sotto.bench.rpc.ClosedLoop} keeps
 * 1, 16 or 256 calls in flight through an {@link io.sotto.bench.rpc.EchoSide}: each answer starts the next call on the thread
 * that brought it, and that holds for every stack. An answer must have the length of the request. Measured are calls per
 * second, the median and the 99th percentile of the time from call to answer, and the processor time of the process over the
 * calls, both ends, kernel, compilers and collector included.
 *
 * <ul>
 *   <li>{@link io.sotto.bench.rpc.SottoEcho}: ours, one link and a listener.
 *   <li>{@link io.sotto.bench.rpc.GrpcEcho}: gRPC-Java with BoringSSL and a marshaller that passes bytes through.
 *   <li>{@link io.sotto.bench.rpc.ArteryEcho}: Pekko Artery over {@code tls-tcp}, {@code ask} of an actor, bytes as message.
 *   <li>{@link io.sotto.bench.rpc.StreamsEcho}: limit of P7 and P8, Pekko Streams TLS with joined frames and nothing around.
 *   <li>{@link io.sotto.bench.rpc.NettyEcho}: limit of P9 and P10, Netty's TLS handler over JSSE and nothing around.
 * </ul>
 *
 * <p>Source: performance notes, P7 to P11.
 */
@NullMarked
package io.sotto.bench.rpc;

import org.jspecify.annotations.NullMarked;
