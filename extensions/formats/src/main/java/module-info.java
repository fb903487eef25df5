/** Message formats: parsers for the engine of {@code io.trafilo.core}, and views of what a message says. */
module io.trafilo.formats {
    requires ch.randelshofer.fastdoubleparser;
    requires transitive io.trafilo.core;
    requires static transitive org.jspecify;

    exports io.trafilo.formats;
}
