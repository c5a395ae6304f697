package io.sotto.membership.rotation;

/** Why a member is not where a phase wants it. */
enum Lack {
    SILENT("does not answer"),
    AWAY("is away"),
    LACKS("lacks the key"),
    OTHER_PRIMARY("seals with another key"),
    FOREIGN_PRIMARY("seals with a key that is neither the old nor the new one"),
    STILL_USES("seals with the key that is to go"),
    LEFTOVER("still has an old key");

    final String text;

    Lack(String text) {
        this.text = text;
    }
}
