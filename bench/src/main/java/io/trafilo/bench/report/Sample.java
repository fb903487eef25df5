package io.trafilo.bench.report;

/**
 * What was seen at one moment of a run. A value that is not known is NaN.
 *
 * @param seconds since the measured phase began
 * @param receivedPerSecond datagrams received since the sample before, as a rate
 * @param handledPerSecond datagrams handled since the sample before, as a rate
 * @param lostPerSecond datagrams lost since the sample before, as a rate
 * @param ringFill how full the ring was, from 0 to 1; NaN when the engine has none
 */
public record Sample(
        double seconds, double receivedPerSecond, double handledPerSecond, double lostPerSecond, double ringFill) {}
