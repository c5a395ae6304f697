package io.sotto.agent.access;

/** What the rules of one token come to. Source: agent behaviour, section 7; golden/acl-matrix. */
record TokenRights(Identity identity, Level fallback) implements Rights {
    @Override
    public String holder() {
        return identity.accessor();
    }

    @Override
    public boolean may(Access access, String resource) {
        return switch (access) {
            case OPEN -> true;
            // Who guards in the servers' stead says what it guards; anything else takes whoever runs the pool.
            case SERVERS, OPERATOR_WRITE -> allows(Resource.OPERATOR, "", Level.WRITE);
            case OPERATOR_READ -> allows(Resource.OPERATOR, "", Level.READ);
            case AGENT_READ -> allows(Resource.AGENT, resource, Level.READ);
            case AGENT_WRITE -> allows(Resource.AGENT, resource, Level.WRITE);
            case KEYRING_READ -> allows(Resource.KEYRING, "", Level.READ);
            case KEYRING_WRITE -> allows(Resource.KEYRING, "", Level.WRITE);
            case NODE_READ -> allows(Resource.NODE, resource, Level.READ);
            case SERVICE_READ -> allows(Resource.SERVICE, resource, Level.READ);
            case EVENT_READ -> allows(Resource.EVENT, resource, Level.READ);
            case EVENT_WRITE -> allows(Resource.EVENT, resource, Level.WRITE);
            case EXEC_WRITE -> allows(Resource.EXEC, "", Level.WRITE);
            case KEY_READ -> allows(Resource.KEY, resource, Level.READ);
            case KEY_WRITE -> allows(Resource.KEY, resource, Level.WRITE);
            case KEY_WRITE_ALL -> identity.rules().allowsAllUnder(Resource.KEY, resource, Level.WRITE, fallback);
            case SESSION_READ -> allows(Resource.SESSION, resource, Level.READ);
            case SESSION_WRITE -> allows(Resource.SESSION, resource, Level.WRITE);
        };
    }

    private boolean allows(Resource resource, String name, Level wanted) {
        return identity.rules().allows(resource, name, wanted, fallback);
    }
}
