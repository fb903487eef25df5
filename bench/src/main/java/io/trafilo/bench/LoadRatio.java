package io.trafilo.bench;

import java.util.Map;

/**
 * A figure of one engine by that of another.
 *
 * @param spread over the pairs
 * @param pairs rounds in which there is a ratio
 * @param rounds all rounds
 */
record LoadRatio(Spread spread, int pairs, int rounds) {
    Map<String, Object> asMap() {
        Map<String, Object> map = spread.asMap();
        map.put("pairs", pairs);
        return map;
    }

    /** Tells the pairs if they are fewer than the rounds. */
    String text() {
        return spread.text() + (pairs < rounds ? ", of " + pairs + " of " + rounds + " rounds" : "");
    }
}
