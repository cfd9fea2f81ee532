package io.weft.http;

/**
 * A handler behind a filter. It tells the response whose hands it is in, so that what filters have
 * set outlives the failure of what they stand before.
 */
record Filtered(Filter filter, Handler handler) implements Handler {
    @Override
    public void handle(Request request, Response response) throws Exception {
        response.inFilter();
        filter.handle(request, response, this::passOn);
    }

    private void passOn(Request request, Response response) throws Exception {
        if (!(handler instanceof Filtered)) {
            response.passedOn();
        }
        handler.handle(request, response);
    }
}
