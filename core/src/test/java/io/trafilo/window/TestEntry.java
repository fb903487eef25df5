package io.trafilo.window;

/** A key's state with nothing in it but what the package under test keeps there. */
final class TestEntry extends WindowEntry {

    final int id;

    TestEntry(int id) {
        this.id = id;
    }

    @Override
    public String toString() {
        return "entry " + id;
    }
}
