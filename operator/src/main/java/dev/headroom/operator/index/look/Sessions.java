package dev.headroom.operator.index.look;

import java.sql.Connection;
import java.sql.SQLException;

/** Where the server is asked: on a session that is open anyway, or on one that is open only while it is asked. */
public interface Sessions {

    void use(Questions questions) throws SQLException;

    /** What is asked, one statement after the other. */
    interface Questions {
        void ask(Connection session) throws SQLException;
    }

    static Sessions of(Connection open) {
        return questions -> questions.ask(open);
    }
}
