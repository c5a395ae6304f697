package io.sotto.agent.access;

/** No access control. */
enum OpenAccess implements AccessControl {
    INSTANCE;

    private static final Decision GRANTED = new Decision.Granted(Rights.ALL);

    @Override
    public Decision admit(AccessCall call) {
        return GRANTED;
    }

    @Override
    public void ended(AccessCall call, int status) {
        // Nobody keeps a record.
    }
}
