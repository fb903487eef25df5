package io.trafilo.bench;

import java.io.PrintStream;

/** Where a program writes: results to {@code out}, what is said about them to {@code err}. Both in UTF-8. */
record Console(PrintStream out, PrintStream err) {}
