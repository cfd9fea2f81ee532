package io.weft.http.wsgi;

/**
 * What happens to a request's header whose name has an underscore (gunicorn: header_map). In the
 * environ it could not be told from the one with a hyphen, which a proxy may have checked.
 *
 * <p>Differences from gunicorn: {@code dangerous}, which lets them pass, is not mirrored.
 */
public enum HeaderMap {
    /** The application does not see it (gunicorn's and nginx's default). */
    DROP,
    /** The request is answered by 400. */
    REFUSE
}
