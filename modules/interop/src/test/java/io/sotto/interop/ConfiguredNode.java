package io.sotto.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An agent with an HTTP API that is configured by a JSON file in Consul's form. */
abstract class ConfiguredNode<N extends ConfiguredNode<N>> implements HttpNode {
    private final String name;
    private final Site site;
    private final Path directory;
    private final Path log;
    private final HttpApi api;
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final List<Path> files = new ArrayList<>();
    private Optional<NodeProcess> process = Optional.empty();

    /** Its log, its configuration and its data go under {@code directory}, by its name. */
    ConfiguredNode(String name, Site site, Path directory, Optional<String> key) {
        this.name = name;
        this.site = site;
        this.directory = directory.resolve(name);
        this.log = directory.resolve(name + ".log");
        this.api = new HttpApi(site.control());
        settings.put("node_name", name);
        settings.put("data_dir", this.directory.resolve("data").toString());
        settings.put("bind_addr", site.ip());
        settings.put("client_addr", site.control());
        key.ifPresent(secret -> settings.put("encrypt", secret));
    }

    /** This node. */
    abstract N self();

    /** Adds a setting by its name in Consul's files. */
    N with(String setting, Object value) {
        settings.put(setting, value);
        return self();
    }

    /** Has it read this file too, before its own. */
    N reading(Path file) {
        files.add(file);
        return self();
    }

    /** All files that it reads, in order; its own is written anew. */
    List<Path> configuration() {
        List<Path> all = new ArrayList<>(files);
        all.add(NodeFiles.write(directory.resolve("agent.json"), settings));
        return all;
    }

    /** Starts the program and does not wait. */
    NodeProcess run(List<String> words) {
        NodeProcess started = NodeProcess.start(name, log, words);
        process = Optional.of(started);
        return started;
    }

    @Override
    public HttpApi api() {
        return api;
    }

    @Override
    public Path ring() {
        return directory.resolve("data/serf/local.keyring");
    }

    /** Where it keeps what its next life must know. */
    Path snapshot() {
        return directory.resolve("data/serf/local.snapshot");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Site site() {
        return site;
    }

    @Override
    public Set<MemberLine> members() {
        return api.members();
    }

    @Override
    public Optional<NodeProcess> process() {
        return process;
    }

    @Override
    public Path logFile() {
        return log;
    }
}
