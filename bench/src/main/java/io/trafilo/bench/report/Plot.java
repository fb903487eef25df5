package io.trafilo.bench.report;

/**
 * A plot, drawn.
 *
 * @param fileName the name of its file
 * @param heading what it shows
 * @param alternative what it shows, for who cannot see it
 * @param caption how to read it
 * @param canvas the image
 */
record Plot(String fileName, String heading, String alternative, String caption, Canvas canvas) {
    Plot withNote(String note) {
        return new Plot(fileName, heading, alternative, caption + note, canvas);
    }
}
