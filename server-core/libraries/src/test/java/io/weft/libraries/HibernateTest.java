package io.weft.libraries;

import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Hibernate over H2, with its own pool of connections. */
final class HibernateTest extends H2Trial {
    private SessionFactory sessions;

    @BeforeEach
    void startSessions() throws Exception {
        sessions =
                new Configuration()
                        .setProperty("hibernate.connection.url", URL)
                        .setProperty("hibernate.connection.pool_size", CALLS)
                        .buildSessionFactory();
    }

    @AfterEach
    void stopSessions() {
        sessions.close();
    }

    @Override
    public String library() {
        return "Hibernate over H2";
    }

    @Override
    public String afterwards() {
        return "the same session factory";
    }

    @Override
    public String call(int number) {
        return sessions.fromSession(
                session ->
                        session.createNativeQuery("select answer(:number)", String.class)
                                .setParameter("number", number)
                                .getSingleResult());
    }
}
