package io.sotto.cluster.scala

import io.sotto.cluster.{AskedQuery, Member, MemberEvent, Posture, Query, Sotto}
import io.sotto.pki.PeerRole
import io.sotto.rpc.application.{CallContext, RpcCodecs, RpcMethod}
import io.sotto.rpc.pool.Callee
import io.sotto.wire.Octets
import org.apache.pekko.actor.typed.{ActorRef, ActorSystem}
import org.apache.pekko.stream.Materializer
import org.apache.pekko.stream.scaladsl.Sink

import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.function.Function
import _root_.scala.concurrent.{ExecutionContext, Future}
import _root_.scala.jdk.CollectionConverters._
import _root_.scala.jdk.FutureConverters._
import _root_.scala.jdk.OptionConverters._

/** Actors are told. */
object ScalaMember {
  def listen(sotto: Sotto, members: ActorRef[MemberEvent], queries: ActorRef[AskedQuery]): Unit = {
    sotto.subscribe(members)
    sotto.answerQueries(queries)
  }
}

/** What an application in Scala writes: nothing but the API and Scala's own converters. */
final class ScalaMember extends Function[ActorSystem[_], CompletableFuture[String]] {
  override def apply(system: ActorSystem[_]): CompletableFuture[String] = {
    implicit val executor: ExecutionContext = system.executionContext
    implicit val materializer: Materializer = Materializer(system)

    val sotto = Sotto
      .builder(system)
      .nodeName("scala")
      .profile("serf")
      .bindAddr("127.0.0.1")
      .portsSerfLan(0)
      .gossipLanProbeInterval(Duration.ofSeconds(2))
      .retryJoin(List.empty[String].asJava)
      .leaveOnShutdown(false)
      .create()

    val greet = RpcMethod.of("Scala.Greet", RpcCodecs.text(), RpcCodecs.text())
    sotto
      .rpc()
      .serve(
        greet,
        PeerRole.MEMBER,
        (name: String, _: CallContext) => CompletableFuture.completedFuture(s"Hello $name"))

    val told: Future[String] = for {
      self <- sotto.started().asScala
      first <- sotto.memberEvents().asScala.runWith(Sink.head)
      _ <- sotto.broadcast("cache-cleared", Octets.utf8("prices")).asScala
      _ <- sotto.query(Query.named("load").within(Duration.ofMillis(100))).asScala.runWith(Sink.seq)
      called <- sotto.rpc().call(Callee.member("nobody"), greet, "Ada", Duration.ofSeconds(1)).asScala
      _ <- sotto.keyring().list().asScala
      _ <- sotto.leave().asScala
    } yield {
      val names: Seq[String] = sotto.members().asScala.toSeq.map((member: Member) => member.name())
      val known: Option[Member] = sotto.member("scala").toScala
      val posture: Posture = sotto.posture()
      s"${self.name()} ${first.kind()} ${names.mkString(",")} ${known.isDefined} ${posture.lan().step()} ${called.answer().toScala}"
    }
    told.asJava.toCompletableFuture
  }
}
