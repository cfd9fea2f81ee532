package io.weft.notes;

import java.util.ArrayList;
import java.util.List;

/**
 * What a program of the notes prints, line by line. Loop-confined, read when the program has ended.
 */
final class Transcript {
    private final List<String> lines = new ArrayList<>();

    void print(String line) {
        lines.add(line);
    }

    List<String> lines() {
        return lines;
    }
}
