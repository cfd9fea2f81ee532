package io.weft.http.demo;

import java.util.List;
import java.util.Map;

/** Fixed bodies. */
final class Texts {
    static final String ROBOTS =
            """
            User-agent: *
            Disallow: /deny
            """;

    static final String HTML =
            """
            <!DOCTYPE html>
            <html>
              <head><title>The weft</title></head>
              <body>
                <h1>The weft</h1>
                <p>On a loom the warp is stretched and stays; the weft is the thread that is carried across it,
                over one and under the next, and comes back. So a coroutine crosses its loop.</p>
              </body>
            </html>
            """;

    static final String JSON =
            """
            {
              "slideshow": {
                "author": "Yours Truly",
                "date": "date of publication",
                "slides": [
                  {"title": "Wake up to WonderWidgets!", "type": "all"},
                  {
                    "items": [
                      "Why <em>WonderWidgets</em> are great",
                      "Who <em>buys</em> WonderWidgets"
                    ],
                    "title": "Overview",
                    "type": "all"
                  }
                ],
                "title": "Sample Slide Show"
              }
            }
            """;

    static final String XML =
            """
            <?xml version='1.0' encoding='us-ascii'?>
            <slideshow title="Sample Slide Show" date="Date of publication" author="Yours Truly">
              <slide type="all"><title>Wake up to WonderWidgets!</title></slide>
              <slide type="all">
                <title>Overview</title>
                <item>Why <em>WonderWidgets</em> are great</item>
                <item/>
                <item>Who <em>buys</em> WonderWidgets</item>
              </slide>
            </slideshow>
            """;

    static final String UTF8 =
            """
            <h1>Unicode</h1>
            <p>\u5f84\u7eac (Chinese), \u7d4c\u7def (Japanese), \u0443\u0442\u043e\u043a (Russian), \
            \u03c5\u03c6\u03ac\u03b4\u03b9 (Greek), Schussf\u00e4den (German), \u2211 \u221e \u00e9 \ud83e\uddf5</p>
            """;

    static final String FORM =
            """
            <!DOCTYPE html>
            <html>
              <body>
                <form method="post" action="/post">
                  <p><label>Customer name: <input name="custname"></label></p>
                  <p><label>Telephone: <input type="tel" name="custtel"></label></p>
                  <p><label>E-mail address: <input type="email" name="custemail"></label></p>
                  <fieldset>
                    <legend> Pizza Size </legend>
                    <p><label><input type="radio" name="size" value="small"> Small</label></p>
                    <p><label><input type="radio" name="size" value="medium"> Medium</label></p>
                    <p><label><input type="radio" name="size" value="large"> Large</label></p>
                  </fieldset>
                  <fieldset>
                    <legend> Pizza Toppings </legend>
                    <p><label><input type="checkbox" name="topping" value="bacon"> Bacon</label></p>
                    <p><label><input type="checkbox" name="topping" value="cheese"> Extra Cheese</label></p>
                    <p><label><input type="checkbox" name="topping" value="onion"> Onion</label></p>
                  </fieldset>
                  <p><label>Preferred delivery time: <input type="time" name="delivery"></label></p>
                  <p><label>Delivery instructions: <textarea name="comments"></textarea></label></p>
                  <p><button>Submit order</button></p>
                </form>
              </body>
            </html>
            """;

    static final String TEAPOT =
            """

                -=[ teapot ]=-

                     _o_
                  .-'   '-.   __
              ___/         \\_/ /
             (_  |         |   /
               \\_|         |__/
                  \\_______/
            """;

    /** httpbin's, with what its images are. */
    static final Map<String, Object> NOT_ACCEPTABLE =
            Map.of(
                    "message",
                    "Client did not request a supported media type.",
                    "accept",
                    List.of("image/webp", "image/svg+xml", "image/jpeg", "image/png", "image/*"));

    private Texts() {}
}
