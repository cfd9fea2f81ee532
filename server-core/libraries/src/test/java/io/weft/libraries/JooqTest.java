package io.weft.libraries;

import org.jooq.impl.DSL;

/** jOOQ over H2. */
final class JooqTest extends H2Trial {
    @Override
    public String library() {
        return "jOOQ over H2";
    }

    @Override
    public String afterwards() {
        return "a new connection";
    }

    @Override
    public String call(int number) throws Exception {
        try (var database = DSL.using(URL)) {
            return (String) database.fetchValue("select answer(?)", number);
        }
    }
}
