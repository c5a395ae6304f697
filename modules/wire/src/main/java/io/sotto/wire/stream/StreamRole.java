package io.sotto.wire.stream;

import io.sotto.wire.message.PushPullCodec;
import io.sotto.wire.message.SwimMessage.Kind;

/** Which of the two messages of an exchange: it decides on the label header and on the types allowed. */
public enum StreamRole {
    /** From the side that dialled: ping, user message or push/pull, with the label header in front. */
    REQUEST {
        @Override
        boolean reads(int type) {
            return type == Kind.PING.code() || type == Kind.USER.code() || type == PushPullCodec.TYPE;
        }
    },
    /** From the side that was dialled: ack, push/pull or error, never with a label header. */
    ANSWER {
        @Override
        boolean reads(int type) {
            return type == Kind.ACK.code() || type == Kind.ERR.code() || type == PushPullCodec.TYPE;
        }
    };

    /** Whether a message of this type may come. */
    abstract boolean reads(int type);
}
