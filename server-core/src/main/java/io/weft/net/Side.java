package io.weft.net;

import io.weft.Selectable;

/** One way of a connection, as something to wait for. Any thread. */
record Side(Connection connection, boolean input) implements Selectable {
    @Override
    public void watch(Runnable told) {
        if (connection.loop().hasEnded()) {
            told.run(); // the next call will say so
        } else {
            Passage.post(connection.loop(), () -> watchHere(told), told);
        }
    }

    private void watchHere(Runnable told) {
        if (input) {
            connection.inbound.watch(told);
        } else {
            connection.outbound.watch(told);
        }
    }

    @Override
    public void unwatch(Runnable told) {
        Passage.post(
                connection.loop(),
                () -> {
                    connection.inbound.unwatch(told);
                    connection.outbound.unwatch(told);
                });
    }

    @Override
    public String toString() {
        return (input ? "input of " : "output of ") + connection;
    }
}
