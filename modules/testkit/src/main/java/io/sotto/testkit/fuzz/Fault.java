package io.sotto.testkit.fuzz;

/** What can be wrong with one struct. */
enum Fault {
    NONE,
    /** Text or bytes announce another length than they have. */
    LYING_LENGTH,
    /** The struct announces another number of fields than it has. */
    LYING_COUNT,
    /** A value of a type that the field never has, or out of the field's range. */
    WRONG_VALUE,
    /** Longer than the field may be. */
    TOO_LONG,
    /** Text that is no UTF-8; it need not be. */
    NOT_UTF8,
    /** Ends inside. */
    TRUNCATED,
    /** More bytes behind it. */
    TRAILING,
    /** A key twice. */
    DUPLICATE,
    /** A key that nobody knows, with something harmless. */
    UNKNOWN_KEY,
    /** A key that nobody knows, with containers nested deeper than allowed. */
    NESTED_TOO_DEEP,
    /** Some fields are missing. */
    MISSING,
    /** A field is nil. */
    NIL,
    /** A list of the fields in the order of declaration. */
    AS_LIST,
    /** The same with a value of a wrong type. */
    AS_LIST_WRONG,
    /** Nil instead of the struct. */
    NIL_STRUCT,
    /** Something that is no struct. */
    NO_STRUCT,
    /** A key that is no text. */
    KEY_IS_NO_TEXT,
    /** Nothing at all after the type byte. */
    NO_BODY;

    private static final Fault[] ALL = values();

    /** None for about a third. */
    static Fault any(Chance chance) {
        return chance.below(3) == 0 ? NONE : chance.pick(ALL);
    }
}
