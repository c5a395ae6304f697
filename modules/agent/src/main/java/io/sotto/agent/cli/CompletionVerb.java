package io.sotto.agent.cli;

import java.util.List;

/** {@code sotto completion}: the script with which a shell completes what is typed after {@code sotto}. */
final class CompletionVerb implements Verb {
    @Override
    public String usage() {
        return """
            completion bash|zsh

              Prints a script with which the shell completes verbs, flags, and values of which there
              are few. It is made of this build's own verbs and needs no running agent.

                bash    . <(sotto completion bash), or as a file in
                        /usr/share/bash-completion/completions/sotto
                zsh     as a file named _sotto in a directory of fpath

              sotto -autocomplete-install does it for the user who runs it, in .bashrc and .zshrc;
              sotto -autocomplete-uninstall takes it back.""";
    }

    @Override
    public FlagSet flags() {
        return new FlagSet();
    }

    @Override
    public Choices arguments() {
        return Choices.of("bash", "zsh");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        if (flags.arguments().equals(List.of("bash"))) {
            console.out().print(BashCompletion.script(CompletionTable.ofAllVerbs(), Version.current()));
        } else if (flags.arguments().equals(List.of("zsh"))) {
            console.out().print(ZshCompletion.script(CompletionTable.ofAllVerbs(), Version.current()));
        } else {
            throw new UsageException("say for which shell: completion bash or completion zsh");
        }
        return Exit.DONE;
    }
}
