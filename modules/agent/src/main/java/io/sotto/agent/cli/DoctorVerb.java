package io.sotto.agent.cli;

import io.sotto.agent.config.AgentSettings;
import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.doctor.AgentSeen;
import io.sotto.agent.doctor.Checklist;
import io.sotto.agent.doctor.Diagnosis;
import io.sotto.agent.doctor.MachineSeen;
import io.sotto.agent.doctor.MemberSeen;
import io.sotto.agent.doctor.PoolSeen;
import io.sotto.agent.doctor.Severity;
import io.sotto.agent.json.Json;
import io.sotto.pki.InvalidTlsException;
import io.sotto.pki.TlsSettings;
import io.sotto.pki.TlsSettings.Dialect;
import io.sotto.pki.TlsSnapshot;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code sotto doctor}: looks at an agent, its files and its pool, and says what is wrong and how to mend it. */
final class DoctorVerb implements ClientVerb {
    private static final int PORT_MAX = 65_535;

    private final CertificateFiles files;

    DoctorVerb(CertificateFiles files) {
        this.files = files;
    }

    @Override
    public String usage() {
        return """
            doctor [options] [file-or-directory ...]

              Looks at a running agent, at the files of its configuration, which may be named, and
              at its pool as far as it can be reached from here: who may ask the agent, TLS and its
              certificates, modes of files, ports over UDP and TCP, MTU, keys, labels, plaintext
              and versions. Each finding comes with what mends it. Ends with 1 if there is a
              problem, with 2 if there are warnings only, and with 4 if no agent answered.""";
    }

    @Override
    public Choices arguments() {
        return Choices.FILES;
    }

    @Override
    public FlagSet flags() {
        return ClientVerb.flags(new FlagSet()
                .toggle("local", "Ask no agent: look only at the files named.")
                .value("config-format", "json|hcl|conf", "Syntax of configuration files whatever they are called.")
                .value("format", "text|json", "How to print. Default text."));
    }

    @Override
    public String failure() {
        return "Error asking the agent";
    }

    @Override
    public int run(ParsedFlags flags, Console console, ApiClient api) throws UsageException, UnreachableException {
        boolean json = Verb.json(flags);
        if (flags.on("local") && flags.arguments().isEmpty()) {
            throw new UsageException("doctor -local needs the files of a configuration");
        }
        Optional<LoadResult.Loaded> loaded = Optional.empty();
        if (!flags.arguments().isEmpty()) {
            LoadResult result = AgentVerb.loader(console)
                    .load(new SettingsRequest(flags.arguments(), AgentFlags.format(flags), List.of(), Map.of(), false));
            if (result instanceof LoadResult.Refused refused) {
                FaultReport.blocks(refused.faults())
                        .forEach(block -> console.err().println("Config validation failed: " + block));
                return Exit.FAILED;
            }
            loaded = Optional.of((LoadResult.Loaded) result);
        }
        Optional<AgentSeen> agent = loaded.map(DoctorFiles::agent);
        Optional<MachineSeen> machine = loaded.map(found -> DoctorFiles.of(found.settings(), flags.arguments(), files));
        if (flags.on("local")) {
            return print(
                    Checklist.examine(
                            agent, machine, Optional.empty(), ThisMachine.here().now()),
                    json,
                    console);
        }
        try {
            DoctorQuestions questions = new DoctorQuestions(api);
            Json self = questions.self();
            Json debug = self.get("DebugConfig");
            if (machine.isEmpty() && isHere(self)) {
                machine = Optional.of(DoctorFiles.of(debug, files));
            }
            AgentSeen seen = agent.isPresent() ? agent.get() : DoctorQuestions.agent(self);
            PoolSeen pool = pool(questions, self, calls(loaded, debug, seen), seen);
            return print(
                    Checklist.examine(
                            Optional.of(seen),
                            machine,
                            Optional.of(pool),
                            ThisMachine.here().now()),
                    json,
                    console);
        } catch (DoctorQuestions.Unanswered refused) {
            console.err().println(failure() + ": " + refused.text());
            return Exit.FAILED;
        } catch (UnreachableException e) {
            if (loaded.isPresent()) {
                print(
                        Checklist.examine(
                                agent,
                                machine,
                                Optional.empty(),
                                ThisMachine.here().now()),
                        json,
                        console);
            }
            throw e;
        }
    }

    private static int print(Diagnosis diagnosis, boolean json, Console console) {
        console.out().print(json ? DoctorText.json(diagnosis).pretty() + "\n" : DoctorText.text(diagnosis));
        Optional<Severity> worst = diagnosis.worst();
        if (worst.filter(Severity.PROBLEM::equals).isPresent()) {
            return Exit.FAILED;
        }
        return worst.filter(Severity.WARNING::equals).isPresent() ? Exit.PARTIAL : Exit.DONE;
    }

    /** How this agent's own calls would be made, as far as that is known here; empty without an authority. */
    private record Calls(TlsSnapshot snapshot, boolean provesItself) {}

    private Optional<Calls> calls(Optional<LoadResult.Loaded> loaded, Json debug, AgentSeen agent) {
        Optional<AgentSettings.Transport> own =
                loaded.map(found -> found.settings().transport());
        String authority = own.isPresent()
                ? own.get().caFile().map(Object::toString).orElse("")
                : debug.get("CAFile").asText();
        if (authority.isEmpty()) {
            return Optional.empty();
        }
        try {
            TlsSettings.Builder settings = TlsSettings.builder(Dialect.SOTTO)
                    .authorities(List.of(files.read(authority)))
                    .domain(agent.domain())
                    .datacenter(agent.datacenter())
                    .verifyServerHostname(true);
            boolean isProven = false;
            if (own.isPresent()
                    && own.get().certFile().isPresent()
                    && own.get().keyFile().isPresent()) {
                settings.certificate(files.read(own.get().certFile().get().toString()))
                        .key(files.read(own.get().keyFile().get().toString()));
                isProven = true;
            }
            return Optional.of(new Calls(TlsSnapshot.create(settings.build(), 1, ThisMachine.clock()), isProven));
        } catch (CertificateFiles.Fault | InvalidTlsException told) {
            // What is wrong with the files is found among them.
            return Optional.empty();
        }
    }

    private static PoolSeen pool(DoctorQuestions questions, Json self, Optional<Calls> calls, AgentSeen agent)
            throws UnreachableException, DoctorQuestions.Unanswered {
        List<Json> listed = questions.members();
        Optional<Json> gossip = questions.gossip();
        String name = self.get("Config").get("NodeName").asText();
        List<MemberSeen> members = DoctorQuestions.members(listed, gossip, name);
        Set<String> alive = new TreeSet<>();
        Map<String, String> targets = new LinkedHashMap<>();
        Map<String, String> servers = new LinkedHashMap<>();
        for (int i = 0; i < members.size(); i++) {
            MemberSeen member = members.get(i);
            if (!member.alive()) {
                continue;
            }
            alive.add(member.name());
            targets.put(member.name(), member.address());
            long port = rpcPort(listed.get(i));
            if (port > 0 && port <= PORT_MAX) {
                String address = DoctorQuestions.address(listed.get(i), port);
                targets.put(member.name() + " (RPC)", address);
                servers.put(member.name(), address);
            }
        }
        Optional<Set<String>> acked = questions.acks(alive, false);
        Optional<Set<String>> ackedLarge = acked.isPresent() ? questions.acks(acked.get(), true) : Optional.empty();
        return new PoolSeen(
                members,
                (int) self.get("Member").get("Port").asLong(),
                acked,
                ackedLarge,
                DoctorCalls.unreached(targets),
                calls.map(by -> DoctorCalls.servers(
                                servers,
                                by.snapshot(),
                                by.provesItself(),
                                agent.datacenter(),
                                agent.domain(),
                                ThisMachine.here().now()))
                        .orElse(Map.of()),
                questions.upshifts(),
                gossip.map(status ->
                                status.get("Plaintext").get("OverdueSeconds").asLong())
                        .orElse(0L),
                link(self.get("Member").get("Addr").asText()));
    }

    /** The port of RPC that a server tells of. */
    private static long rpcPort(Json member) {
        Json tags = member.get("Tags");
        String port = tags.get("port").asText();
        return tags.get("role").asText().equals("consul") && port.matches("[0-9]{1,5}") ? Long.parseLong(port) : 0;
    }

    /** Whether the agent runs on this machine: then the paths that it names are paths here. */
    private static boolean isHere(Json self) {
        return link(self.get("Member").get("Addr").asText()).isPresent();
    }

    /** The interface of this machine that has this address. */
    private static Optional<PoolSeen.Interface> link(String literal) {
        if (!literal.matches("[0-9a-fA-F:.]+")) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(literal);
            NetworkInterface link = NetworkInterface.getByInetAddress(address);
            if (link == null && address.isLoopbackAddress()) {
                link = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
            }
            return link == null ? Optional.empty() : Optional.of(new PoolSeen.Interface(link.getName(), link.getMTU()));
        } catch (UnknownHostException | SocketException unknown) {
            return Optional.empty();
        }
    }
}
