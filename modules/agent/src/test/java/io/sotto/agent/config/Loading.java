package io.sotto.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes configuration files and loads them. */
final class Loading {
    static final String FRESH_KEY = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=";
    private final Path directory;
    private final List<String> paths = new ArrayList<>();
    private SettingsRequest request = SettingsRequest.files(List.of());

    Loading(Path directory) {
        this.directory = directory;
    }

    /** Writes a file and gives it to the agent as the next one. */
    Loading file(String name, String text) throws IOException {
        write(name, text);
        return path(directory.resolve(name));
    }

    Loading write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    Loading path(Path path) {
        paths.add(path.toString());
        return this;
    }

    Loading flag(String path, String value) {
        request = request.withFlag(path, value);
        return this;
    }

    Loading hcl(String fragment) {
        List<String> fragments = new ArrayList<>(request.hcl());
        fragments.add(fragment);
        request = new SettingsRequest(List.of(), request.format(), fragments, request.flags(), request.dev());
        return this;
    }

    Loading format(SettingsRequest.Format format) {
        request = new SettingsRequest(List.of(), Optional.of(format), request.hcl(), request.flags(), request.dev());
        return this;
    }

    Loading dev() {
        request = new SettingsRequest(List.of(), request.format(), request.hcl(), request.flags(), true);
        return this;
    }

    LoadResult load() {
        Map<String, List<String>> flags = request.flags();
        return new SettingsLoader(() -> "host", () -> FRESH_KEY)
                .load(new SettingsRequest(paths, request.format(), request.hcl(), flags, request.dev()));
    }

    LoadResult.Loaded loaded() {
        LoadResult result = load();
        assertThat(result).isInstanceOf(LoadResult.Loaded.class);
        return (LoadResult.Loaded) result;
    }

    AgentSettings settings() {
        return loaded().settings();
    }

    /** What would be printed, without the directory's name. */
    List<String> faults() {
        LoadResult result = load();
        assertThat(result).isInstanceOf(LoadResult.Refused.class);
        return FaultReport.blocks(((LoadResult.Refused) result).faults()).stream()
                .map(block -> block.replace(directory + "/", ""))
                .toList();
    }
}
