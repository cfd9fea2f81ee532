package io.weft.libraries;

/** RabbitMQ's client as it is: it waits for what it has asked for, whoever interrupts it. */
final class RabbitMqTest extends RabbitMqTrial {
    @Override
    public String library() {
        return "RabbitMQ";
    }

    @Override
    public boolean endsAtOnce() {
        return false;
    }
}
