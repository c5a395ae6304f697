package io.sotto.agent.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Loads the agent's settings: {@code reference.conf}, then {@code application.conf}, the {@code -dev} preset, files and
 * directories in their order, flags, and {@code -hcl} fragments. Reads files and no network; may be called again at any
 * time, from any thread. Source: agent specification, section 1.
 */
public final class SettingsLoader {
    private final Supplier<String> hostName;
    private final Supplier<String> freshKey;
    private final Surroundings surroundings;

    /**
     * @param hostName asked only when no node name is set
     * @param freshKey a new key in base64, asked only for {@code -dev}
     */
    public SettingsLoader(Supplier<String> hostName, Supplier<String> freshKey) {
        this(hostName, freshKey, Surroundings.none());
    }

    /**
     * @param hostName asked only when no node name is set
     * @param freshKey a key in base64, the same each time, asked only for {@code -dev}
     * @param surroundings where a key may be besides files and flags
     */
    public SettingsLoader(Supplier<String> hostName, Supplier<String> freshKey, Surroundings surroundings) {
        this.hostName = hostName;
        this.freshKey = freshKey;
        this.surroundings = surroundings;
    }

    /** Loads, checks everything, and answers with settings or with all faults; never throws for what a file holds. */
    public LoadResult load(SettingsRequest request) {
        List<Fault> faults = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<String> texts = new ArrayList<>(request.hcl());
        Config reference = ConfigFactory.defaultReference();
        Schema schema = new Schema(reference.getConfig("sotto"), faults, warnings);
        Layers layers = new Layers();

        HoconSource.Read application = HoconSource.application(faults);
        Config hocon = application.whole();
        layers.add(schema.read(application.table(), application.style()));
        if (request.dev()) {
            layers.add(devPreset());
        }
        FlagLayers flags = new FlagLayers(request.flags(), faults);
        layers.add(flags.lists());
        for (ConfigurationFiles.Found file :
                new ConfigurationFiles(request.format(), faults, warnings).open(request.paths())) {
            texts.add(file.text());
            HoconSource.Read read = read(file, faults);
            layers.add(schema.read(read.table(), read.style()));
            hocon = read.whole().withFallback(hocon);
        }
        layers.add(flags.values());
        for (int i = 0; i < request.hcl().size(); i++) {
            Node.Table fragment =
                    HclSource.read("flag -hcl " + (i + 1), request.hcl().get(i), faults);
            layers.add(schema.read(fragment, Schema.Style.CONSUL));
        }

        layers.add(NomadServer.preset(layers));
        TransportKeys transport = new TransportKeys(layers, faults, warnings);
        layers.replace(transport.resolve());
        layers.add(new KeyPlaces(surroundings, faults, warnings).resolve(layers));

        // Defaults come from the reference alone: a file's value of a wrong type must not be asked for again.
        Validation validation =
                new Validation(layers, transport, reference.getConfig("sotto"), hostName, faults, warnings);
        Config beneath = hocon.withFallback(reference);
        return validation
                .settings(request.dev())
                .<LoadResult>map(settings ->
                        new LoadResult.Loaded(settings, EffectiveConfig.of(settings, layers, beneath), warnings))
                .orElseGet(() -> new LoadResult.Refused(withoutKeys(faults, HiddenKeys.of(texts)), warnings));
    }

    /** What is wrong with the form of a file is told in the parsers' words, which quote the file. */
    private static List<Fault> withoutKeys(List<Fault> faults, HiddenKeys hidden) {
        return faults.stream()
                .map(fault -> switch (fault.kind()) {
                    case SYNTAX, TYPE, KEY ->
                        new Fault(fault.kind(), fault.file(), fault.line(), hidden.hide(fault.text()));
                    case ACCESS, SETTING -> fault;
                })
                .toList();
    }

    private static HoconSource.Read read(ConfigurationFiles.Found file, List<Fault> faults) {
        return switch (file.format()) {
            case CONF -> HoconSource.read(file.name(), file.path().toFile(), faults);
            case JSON ->
                new HoconSource.Read(
                        Schema.Style.CONSUL, JsonSource.read(file.name(), file.text(), faults), ConfigFactory.empty());
            case HCL ->
                new HoconSource.Read(
                        Schema.Style.CONSUL, HclSource.read(file.name(), file.text(), faults), ConfigFactory.empty());
        };
    }

    private Map<String, Node> devPreset() {
        Place dev = Place.flag("dev");
        return Map.of(
                "bind-addr", new Node.Text("127.0.0.1", dev),
                "encrypt", new Node.Text(freshKey.get(), dev),
                "disable-keyring-file", new Node.Bool(true, dev));
    }
}
