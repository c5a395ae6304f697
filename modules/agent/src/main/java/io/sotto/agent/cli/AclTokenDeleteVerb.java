package io.sotto.agent.cli;

import io.sotto.agent.access.TokenFileException;

/** {@code sotto acl token delete}. */
final class AclTokenDeleteVerb implements Verb {
    @Override
    public String usage() {
        return """
            acl token delete -data-dir PATH -id ACCESSOR

              Takes a token away. Ends with 1 if there is none of that AccessorID.""";
    }

    @Override
    public FlagSet flags() {
        return AclVerbs.ofDirectory(new FlagSet())
                .value("id", "accessor", "The AccessorID, as acl token list shows it.");
    }

    @Override
    public int run(ParsedFlags flags, Console console) throws UsageException {
        String id = flags.value("id", "");
        if (id.isEmpty()) {
            throw new UsageException("name the token: -id ACCESSOR");
        }
        try {
            if (AclVerbs.desk(flags).delete(id, ThisMachine.here().random())) {
                console.out().println("Token \"" + id + "\" deleted successfully");
                return Exit.DONE;
            }
            console.err().println("Error deleting token: there is none of AccessorID \"" + id + "\"");
        } catch (TokenFileException e) {
            console.err().println("Error deleting token: " + e.text());
        }
        return Exit.FAILED;
    }
}
