package io.weft.libraries;

/** A trial whose peer is in this process. */
interface GateTrial extends Trial {
    Gate gate();

    @Override
    default void shut() throws Exception {
        gate().shut();
    }

    @Override
    default void open() {
        gate().open();
    }

    @Override
    default int waiting() {
        return gate().waiting();
    }
}
