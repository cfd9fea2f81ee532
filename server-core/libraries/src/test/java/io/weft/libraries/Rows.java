package io.weft.libraries;

import java.sql.ResultSet;
import java.sql.SQLException;

/** What a query has found. */
final class Rows {
    private Rows() {}

    /** The first column of the first row. */
    static String first(ResultSet rows) throws SQLException {
        try (rows) {
            rows.next();
            return rows.getString(1);
        }
    }
}
