package io.sotto.agent.cli;

import io.sotto.agent.config.Fault;
import io.sotto.agent.config.FaultReport;
import io.sotto.agent.config.LoadResult;
import io.sotto.agent.config.SettingsRequest;
import io.sotto.agent.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code sotto validate}: checks configuration files and prints all that is wrong with them. */
final class ValidateVerb implements Verb {
    @Override
    public String usage() {
        return """
            validate [options] file-or-directory ...

              Reads configuration as "sotto agent" would, together, in the order given, and prints
              every fault with its file and line.""";
    }

    @Override
    public Choices arguments() {
        return Choices.FILES;
    }

    @Override
    public FlagSet flags() {
        return new FlagSet()
                .value("config-format", "json|hcl|conf", "Syntax of configuration files whatever they are called.")
                .toggle("quiet", "Print nothing if all is well.")
                .value("format", "text|json", "How to print. Default text.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        boolean json = Verb.json(flags);
        if (flags.arguments().isEmpty()) {
            console.err().println("Must specify at least one config file or directory");
            return Exit.FAILED;
        }
        SettingsRequest request =
                new SettingsRequest(flags.arguments(), AgentFlags.format(flags), List.of(), Map.of(), false);
        LoadResult result = AgentVerb.loader(console).load(request);
        List<Fault> faults = result instanceof LoadResult.Refused refused ? refused.faults() : List.of();
        List<String> warnings = warnings(result);
        if (json) {
            console.out().println(report(faults, warnings).pretty());
        } else {
            warnings.forEach(warning -> console.err().println("[WARN] " + warning));
            for (String block : FaultReport.blocks(faults)) {
                console.err().println("Config validation failed: " + block);
            }
            if (faults.isEmpty() && !flags.on("quiet")) {
                console.out().println("Configuration is valid!");
            }
        }
        return faults.isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    private static List<String> warnings(LoadResult result) {
        return result instanceof LoadResult.Refused refused
                ? refused.warnings()
                : ((LoadResult.Loaded) result).warnings();
    }

    private static Json report(List<Fault> faults, List<String> warnings) {
        List<Json> elements = new ArrayList<>();
        for (Fault fault : faults) {
            Map<String, Json> fields = new LinkedHashMap<>();
            fields.put("file", Json.of(fault.file()));
            fields.put("line", Json.of(fault.line()));
            fields.put("text", Json.of(fault.text()));
            elements.add(new Json.Fields(fields));
        }
        Map<String, Json> report = new LinkedHashMap<>();
        report.put("valid", Json.of(faults.isEmpty()));
        report.put("faults", new Json.Elements(elements));
        report.put("warnings", Json.of(warnings));
        return new Json.Fields(report);
    }
}
