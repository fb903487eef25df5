package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.trafilo.testing.TestEngine;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The range of each setting, and how they must fit together. */
class BuilderTest {
    /** So that the compiler knows what the lambdas are. */
    private interface Setting extends Consumer<TrafiloBuilder<AtomicLong>> {}

    private static Arguments refused(Setting setting, String message) {
        return arguments(setting, message);
    }

    private static TrafiloBuilder<AtomicLong> builder() {
        return Trafilo.<AtomicLong>builder().handler((event, state) -> {}).shards(1);
    }

    static Stream<Arguments> valuesOutOfRange() {
        return Stream.of(
                refused(b -> b.name(" "), "name: ' ' (expected: not blank)"),
                refused(b -> b.window(Duration.ZERO), "window: 0 ms (expected: > 0 and <= 3650 days)"),
                refused(b -> b.window(Duration.ofMillis(-5)), "window: -5 ms (expected: > 0 and <= 3650 days)"),
                refused(
                        b -> b.window(Duration.ofDays(3651)),
                        "window: 315446400000 ms (expected: > 0 and <= 3650 days)"),
                refused(b -> b.slide(Duration.ZERO), "slide: 0 ms (expected: > 0 and <= 3650 days)"),
                refused(
                        b -> b.idleTimeout(Duration.ofMillis(-1)),
                        "idleTimeout: -1 ms (expected: >= 0 and <= 3650 days)"),
                refused(
                        b -> b.closeTimeout(Duration.ofSeconds(-1)),
                        "closeTimeout: -1000 ms (expected: >= 0 and <= 3650 days)"),
                refused(
                        b -> b.stallTimeout(Duration.ofNanos(9_999_999)),
                        "stallTimeout: 0.009999999 s (expected: >= 10 ms and <= 3650 days)"),
                refused(
                        b -> b.stallTimeout(Duration.ofDays(3651)),
                        "stallTimeout: 315446400000 ms (expected: >= 10 ms and <= 3650 days)"),
                refused(b -> b.maxKeys(0), "maxKeys: 0 keys (expected: 1 to 1073741824)"),
                refused(b -> b.maxKeys((1L << 30) + 1), "maxKeys: 1073741825 keys (expected: 1 to 1073741824)"),
                refused(b -> b.maxRetainedEvents(0), "maxRetainedEvents: 0 timestamps (expected: 1 to 2147483648)"),
                refused(
                        b -> b.maxRetainedEvents((1L << 31) + 1),
                        "maxRetainedEvents: 2147483649 timestamps (expected: 1 to 2147483648)"),
                refused(b -> b.shards(0), "shards: 0 shards (expected: a power of two, 1 to 65536)"),
                refused(b -> b.shards(96), "shards: 96 shards (expected: a power of two, 1 to 65536)"),
                refused(b -> b.shards(1 << 17), "shards: 131072 shards (expected: a power of two, 1 to 65536)"),
                refused(
                        b -> b.shards(Integer.MIN_VALUE),
                        "shards: -2147483648 shards (expected: a power of two, 1 to 65536)"),
                refused(b -> b.workers(0), "workers: 0 threads (expected: 1 to 64)"),
                refused(b -> b.workers(65), "workers: 65 threads (expected: 1 to 64)"),
                refused(b -> b.ringCapacity(1), "ringCapacity: 1 messages (expected: a power of two, 2 to 16777216)"),
                refused(
                        b -> b.ringCapacity(4095),
                        "ringCapacity: 4095 messages (expected: a power of two, 2 to 16777216)"),
                refused(
                        b -> b.ringCapacity(1 << 25),
                        "ringCapacity: 33554432 messages (expected: a power of two, 2 to 16777216)"),
                refused(b -> b.maxClaim(0), "maxClaim: 0 messages (expected: 1 to 4096)"),
                refused(b -> b.maxClaim(4097), "maxClaim: 4097 messages (expected: 1 to 4096)"),
                refused(b -> b.maxMessageLength(0), "maxMessageLength: 0 bytes (expected: 1 to 65536)"),
                refused(b -> b.maxMessageLength(65537), "maxMessageLength: 65537 bytes (expected: 1 to 65536)"),
                refused(b -> b.maxKeyLength(0), "maxKeyLength: 0 bytes (expected: 1 to 65536)"),
                refused(b -> b.maxKeyLength(65537), "maxKeyLength: 65537 bytes (expected: 1 to 65536)"),
                refused(b -> b.maxEventsPerMessage(0), "maxEventsPerMessage: 0 events (expected: 1 to 65536)"),
                refused(b -> b.maxEventsPerMessage(65537), "maxEventsPerMessage: 65537 events (expected: 1 to 65536)"));
    }

    @ParameterizedTest
    @MethodSource("valuesOutOfRange")
    void shouldRefuseAtOnceWhenAValueIsOutOfItsRange(Setting setting, String message) {
        TrafiloBuilder<AtomicLong> builder = builder();
        assertThatThrownBy(() -> setting.accept(builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatCode(builder::build).as("the setting is unchanged").doesNotThrowAnyException();
    }

    static Stream<Setting> valuesAtTheEdges() {
        return Stream.of(
                b -> b.window(Duration.ofDays(3650)),
                b -> b.window(Duration.ofNanos(1)).slide(Duration.ofNanos(1)),
                b -> b.idleTimeout(Duration.ZERO).closeTimeout(Duration.ZERO),
                b -> b.idleTimeout(Duration.ofNanos(1)),
                b -> b.stallTimeout(Duration.ofMillis(10)),
                b -> b.stallTimeout(Duration.ofDays(3650)),
                b -> b.idleTimeout(Duration.ofDays(3650)).closeTimeout(Duration.ofDays(3650)),
                b -> b.maxKeys(1).maxRetainedEvents(1),
                b -> b.maxKeys(1).maxRetainedEvents(10_000_000),
                b -> b.maxKeys(500_000).maxKeyLength(1).maxRetainedEvents(1),
                b -> b.shards(1024).workers(64).maxClaim(1),
                b -> b.workers(1).ringCapacity(2).maxClaim(4096),
                b -> b.maxClaim(1024).maxMessageLength(1 << 16).ringCapacity(2),
                b -> b.maxKeyLength(1 << 16).maxKeys(1).maxEventsPerMessage(1 << 16),
                b -> b.maxMessageLength(1).maxKeyLength(1).maxEventsPerMessage(1),
                b -> b.slide(Duration.ofSeconds(5)).window(Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @MethodSource("valuesAtTheEdges")
    void shouldTakeValuesAtTheEdgesAndWorkWithThem(Setting setting) {
        TrafiloBuilder<AtomicLong> builder = builder();
        setting.accept(builder);
        try (Trafilo<AtomicLong> engine =
                builder.parser(EventParser.wholeMessage()).build()) {
            engine.start();
            assertThat(engine.offer(new byte[] {'k'}, 0, 1)).isTrue();
            TestEngine.until(() -> engine.ledger().count(Counter.HANDLED) == 1);
        }
    }

    static Stream<Arguments> valuesThatDoNotFit() {
        return Stream.of(
                refused(
                        b -> b.window(Duration.ofSeconds(5)).slide(Duration.ofSeconds(6)),
                        "slide: 6000 ms (expected: > 0 and <= window 5000 ms)"),
                refused(b -> b.window(Duration.ofMillis(999)), "slide: 1000 ms (expected: > 0 and <= window 999 ms)"),
                refused(
                        b -> b.disposer((key, state) -> {}),
                        "disposer: set without state (expected: a state factory with it)"),
                refused(
                        b -> b.maxClaim(4096).maxMessageLength(1 << 16),
                        "maxClaim * maxMessageLength: 268435456 bytes (expected: at most 67108864, the scratch array of"
                                + " each worker)"));
    }

    @ParameterizedTest
    @MethodSource("valuesThatDoNotFit")
    void shouldRefuseToBuildWhenValuesDoNotFitTogether(Setting setting, String message) {
        TrafiloBuilder<AtomicLong> builder = builder();
        setting.accept(builder);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void shouldRefuseToBuildWithoutHandlerAndSink() {
        assertThatThrownBy(() -> Trafilo.builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("handler, sink: neither is set (expected: at least one of them)");
        assertThatCode(() -> Trafilo.builder().sink((window, state) -> {}).build())
                .doesNotThrowAnyException();
    }

    @Test
    @SuppressWarnings("NullAway")
    void shouldNameTheSettingThatIsNull() {
        record Null(String name, Setting setting) {}
        List<Null> nulls = List.of(
                new Null("name", b -> b.name(null)),
                new Null("aggregate", b -> b.aggregate(null)),
                new Null("window", b -> b.window(null)),
                new Null("slide", b -> b.slide(null)),
                new Null("idleTimeout", b -> b.idleTimeout(null)),
                new Null("stallTimeout", b -> b.stallTimeout(null)),
                new Null("closeTimeout", b -> b.closeTimeout(null)),
                new Null("parser", b -> b.parser(null)),
                new Null("state", b -> b.state(null)),
                new Null("disposer", b -> b.disposer(null)),
                new Null("handler", b -> b.handler(null)),
                new Null("sink", b -> b.sink(null)),
                new Null("errorListener", b -> b.errorListener(null)),
                new Null("stallListener", b -> b.stallListener(null)),
                new Null("timeBasis", b -> b.timeBasis(null)),
                new Null("waitMode", b -> b.waitMode(null)),
                new Null("overloadPolicy", b -> b.overloadPolicy(null)),
                new Null("clock", b -> b.clock(null)));
        for (Null one : nulls) {
            assertThatThrownBy(() -> one.setting.accept(builder()))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage(one.name);
        }
    }

    @Test
    void shouldKeepItsSettingsWhenTheBuilderIsUsedOn() {
        TrafiloBuilder<AtomicLong> builder = builder().ringCapacity(8);
        Trafilo<AtomicLong> engine = builder.build();
        builder.ringCapacity(16).maxMessageLength(9);
        assertThat(engine.settings().ringCapacity()).isEqualTo(8);
        assertThat(engine.settings().maxMessageLength()).isEqualTo(2048);
        assertThat(builder.build().settings().ringCapacity()).isEqualTo(16);
    }

    @Test
    void shouldLeaveAProcessorToAListenersThreadByDefault() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(builder().settings().workers()).isEqualTo(Math.max(1, Math.min(processors - 1, 64)));
    }

    /** Each setter is called with a value other than the default, by name, so that none is forgotten. */
    @Test
    void shouldShowEverySettingThatIsMade() throws ReflectiveOperationException {
        Map<Class<?>, Object> values = new HashMap<>(Map.of(
                String.class,
                "other",
                long.class,
                7L,
                boolean.class,
                false,
                TimeBasis.class,
                TimeBasis.EVENT,
                WaitMode.class,
                WaitMode.YIELD,
                OverloadPolicy.class,
                OverloadPolicy.DROP_NEWEST,
                Duration.class,
                Duration.ofMillis(123),
                AggregateSet.class,
                Aggregates.max()));
        TrafiloBuilder<AtomicLong> builder = builder();
        Map<String, Object> made = new HashMap<>();
        for (Method setter : TrafiloBuilder.class.getMethods()) {
            if (setter.getParameterCount() == 1 && setter.getReturnType() == TrafiloBuilder.class) {
                Class<?> type = setter.getParameterTypes()[0];
                Object value = type == int.class ? (Object) 16 : values.computeIfAbsent(type, BuilderTest::callback);
                setter.invoke(builder, value);
                made.put(setter.getName(), value);
            }
        }
        assertThat(made).hasSizeGreaterThan(20);
        assertThat(builder.settings()).asString().contains("name other", "maxKeys 7", "workers 16", "slide 123 ms");
        TrafiloSettings<AtomicLong> settings = builder.settings();
        for (var setting : made.entrySet()) {
            Object shown = TrafiloSettings.class.getMethod(setting.getKey()).invoke(settings);
            assertThat(shown).as(setting.getKey()).isEqualTo(setting.getValue());
        }
    }

    private static Object callback(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> 1;
                    default -> type.getSimpleName();
                });
    }

    static Stream<Arguments> oddDurations() {
        return Stream.of(
                arguments(Duration.ofNanos(-1), "-0.000000001 s"),
                arguments(Duration.ofNanos(-1_500_000), "-0.001500000 s"),
                arguments(Duration.ofSeconds(-2, 1), "-1.999999999 s"),
                arguments(Duration.ofSeconds(Long.MAX_VALUE / 1_000 + 1), "9223372036854776000 ms"),
                arguments(Duration.ofSeconds(Long.MIN_VALUE), "-9223372036854775808000 ms"));
    }

    @ParameterizedTest
    @MethodSource("oddDurations")
    void shouldTellOddDurationsAsTheyAre(Duration value, String expected) {
        assertThatThrownBy(() -> builder().window(value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("window: " + expected + " (expected: > 0 and <= 3650 days)");
    }

    @Test
    void shouldTellValuesTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThatThrownBy(() -> builder()
                            .window(Duration.ofNanos(3))
                            .slide(Duration.ofNanos(4))
                            .build())
                    .hasMessage("slide: 0.000000004 s (expected: > 0 and <= window 0.000000003 s)");
        } finally {
            Locale.setDefault(before);
        }
    }
}
