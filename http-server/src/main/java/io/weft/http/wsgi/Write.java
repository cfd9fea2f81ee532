package io.weft.http.wsgi;

import java.io.IOException;

/** The write callable of PEP 3333. For the application's coroutine. */
@FunctionalInterface
public interface Write {
    /**
     * Sends a piece of the body, before what the application will return. It blocks while the
     * client does not keep up; the array may be used again at once.
     */
    void write(byte[] bytes) throws IOException;
}
