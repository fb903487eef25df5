package io.trafilo;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The rules of {@link ArchitectureTest}, for the engine below one root package. */
final class ArchitectureRules {
    /** The engine and how it is built; named by what puts the engine together, and by no package behind it. */
    private static final Set<String> FRONT = Set.of("Trafilo", "TrafiloBuilder", "TrafiloSettings");

    /** The types of the root package that lead into the package engine: the builder, and static factories. */
    private static final Set<String> DOORS =
            Set.of("TrafiloBuilder", "TrafiloSettings", "ErrorListener", "StallListener", "EngineClock");

    private static final List<String> HIDDEN_LIBRARIES =
            List.of("com.lmax.disruptor", "org.agrona", "com.dynatrace.hash4j", "io.netty");

    private static final String[] UNKNOWN_TO_CORE = {
        "java.util.logging..",
        "org.slf4j..",
        "org.apache.logging..",
        "org.apache.log4j..",
        "ch.qos.logback..",
        "org.apache.commons.logging.."
    };

    private static final Set<String> UNSAFE =
            Set.of("sun.misc.Unsafe", "jdk.internal.misc.Unsafe", "org.agrona.UnsafeApi", "org.agrona.UnsafeAccess");

    /** Beside its collections, what of Agrona works without JVM flags. Its buffers, queues and counters fail in use. */
    private static final Set<String> AGRONA = Set.of(
            "org.agrona.DeadlineTimerWheel",
            "org.agrona.concurrent.EpochClock",
            "org.agrona.concurrent.EpochNanoClock",
            "org.agrona.concurrent.NanoClock",
            "org.agrona.concurrent.SystemEpochClock",
            "org.agrona.concurrent.SystemEpochNanoClock",
            "org.agrona.concurrent.SystemNanoClock",
            "org.agrona.concurrent.IdleStrategy",
            "org.agrona.concurrent.BackoffIdleStrategy",
            "org.agrona.concurrent.BusySpinIdleStrategy",
            "org.agrona.concurrent.SleepingIdleStrategy",
            "org.agrona.concurrent.YieldingIdleStrategy");

    static final String AGRONA_RULE = "of Agrona, only what works without JVM flags is used";

    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("ledger uses no other package", mayOnlyUse("ledger"));
        rules.put("window uses no package but ledger", mayOnlyUse("window", "ledger"));
        rules.put("failures uses no package but ledger", mayOnlyUse("failures", "ledger"));
        rules.put("aggregate uses no package but window", mayOnlyUse("aggregate", "window"));
        rules.put(
                "state uses aggregate, window and failures",
                mayOnlyUse("state", "aggregate", "window", "failures", "ledger"));
        rules.put(
                "dispatch uses state, and not the windows behind it",
                mayOnlyUse("dispatch", "state", "failures", "ledger"));
        rules.put("engine uses dispatch and state, and not the windows behind them", engineDoesNotUseWindow());
        rules.put("spi uses nothing that is hidden", exportedUsesNothingHidden("spi"));
        rules.put("the vocabulary uses nothing that is hidden", vocabularyUsesNothingHidden());
        rules.put("what leads into the package engine goes no further", doorsLeadIntoEngineOnly());
        rules.put("the package engine is used by no package that it puts together", engineIsNotNamed());
        rules.put("core knows no Netty and no logging framework", nobodyUses(UNKNOWN_TO_CORE));
        rules.put("nobody uses Unsafe", nobodyUsesUnsafe());
        rules.put(AGRONA_RULE, nobodyUsesAgronaThatNeedsFlags());
        rules.put("no library's type is in an exported signature", exportedSignaturesNameNoLibrary());
        return rules;
    }

    // ---- who may use whom

    /** Of the engine: itself, the packages named, and the vocabulary. */
    private ArchRule mayOnlyUse(String name, String... others) {
        DescribedPredicate<JavaClass> forbidden = describe(
                "types of the engine other than the vocabulary, " + name + " and " + List.of(others),
                type -> isOfEngine(type)
                        && !isIn(type, name)
                        && !isVocabulary(type)
                        && Stream.of(others).noneMatch(other -> isIn(type, other)));
        return noClasses().that().resideInAPackage(root + "." + name).should().dependOnClassesThat(forbidden);
    }

    private ArchRule engineDoesNotUseWindow() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".engine")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".window");
    }

    private ArchRule exportedUsesNothingHidden(String name) {
        return noClasses()
                .that()
                .resideInAPackage(root + "." + name)
                .should()
                .dependOnClassesThat(describe("types of hidden packages", this::isHidden));
    }

    private ArchRule vocabularyUsesNothingHidden() {
        return noClasses()
                .that(describe(
                        "are in the root package and no door into the engine",
                        type -> isInRoot(type) && !isOneOf(DOORS, type)))
                .should()
                .dependOnClassesThat(describe("types of hidden packages", this::isHidden));
    }

    private ArchRule doorsLeadIntoEngineOnly() {
        return noClasses()
                .that(describe("lead into the package engine", type -> isInRoot(type) && isOneOf(DOORS, type)))
                .should()
                .dependOnClassesThat(describe(
                        "types of hidden packages behind it", type -> isHidden(type) && !isIn(type, "engine")));
    }

    private ArchRule engineIsNotNamed() {
        return noClasses()
                .that(describe(
                        "are in neither engine nor an exported package",
                        type -> isHidden(type) && !isIn(type, "engine")))
                .should()
                .dependOnClassesThat(describe(
                        "the package engine, or how an engine is built",
                        type -> isIn(type, "engine") || (isInRoot(type) && isOneOf(FRONT, type))));
    }

    private ArchRule nobodyUses(String... packages) {
        return noClasses().should().dependOnClassesThat().resideInAnyPackage(packages);
    }

    private ArchRule nobodyUsesUnsafe() {
        return noClasses().should().dependOnClassesThat(describe("Unsafe", type -> UNSAFE.contains(type.getName())));
    }

    private ArchRule nobodyUsesAgronaThatNeedsFlags() {
        return noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "types of Agrona other than its collections, clocks and idle strategies",
                        type -> needsFlags(type.getBaseComponentType())));
    }

    private static boolean needsFlags(JavaClass type) {
        return type.getPackageName().startsWith("org.agrona")
                && !type.getPackageName().equals("org.agrona.collections")
                && !AGRONA.contains(type.getName().replaceAll("\\$.*", ""));
    }

    private boolean isOfEngine(JavaClass type) {
        JavaClass plain = type.getBaseComponentType();
        return plain.getPackageName().equals(root) || plain.getPackageName().startsWith(root + ".");
    }

    private boolean isIn(JavaClass type, String name) {
        return type.getBaseComponentType().getPackageName().equals(root + "." + name);
    }

    private boolean isInRoot(JavaClass type) {
        return type.getBaseComponentType().getPackageName().equals(root);
    }

    private boolean isExported(JavaClass type) {
        return isInRoot(type) || isIn(type, "spi");
    }

    private boolean isHidden(JavaClass type) {
        return isOfEngine(type) && !isExported(type);
    }

    private boolean isOneOf(Set<String> names, JavaClass type) {
        String name = type.getBaseComponentType().getName();
        return names.contains(name.substring(name.lastIndexOf('.') + 1).replaceAll("\\$.*", ""));
    }

    /** The public types of the exported packages but those that the packages behind the engine do not name. */
    private boolean isVocabulary(JavaClass type) {
        return isExported(type) && !(isInRoot(type) && isOneOf(FRONT, type)) && isPublic(type.getBaseComponentType());
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureRules::isPublic).orElse(true);
    }

    // ---- exported signatures

    private ArchRule exportedSignaturesNameNoLibrary() {
        return ArchRuleDefinition.classes()
                .that(describe("are exported and public", type -> isExported(type) && isPublic(type)))
                .should(nameNoLibraryInTheirSignatures());
    }

    private static ArchCondition<JavaClass> nameNoLibraryInTheirSignatures() {
        return new ArchCondition<>("name no library's type in a public or protected signature") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Stream<JavaClass> supertypes =
                        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream());
                supertypes.forEach(used -> report(type, used, type.getName(), events));
                type.getTypeParameters().forEach(parameter -> parameter
                        .getAllInvolvedRawTypes()
                        .forEach(used -> report(type, used, type.getName(), events)));
                type.getMembers().stream().filter(ArchitectureRules::isVisible).forEach(member -> typesOf(member)
                        .flatMap(used -> used.getAllInvolvedRawTypes().stream())
                        .forEach(used -> report(type, used, member.getFullName(), events)));
            }
        };
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaType> typesOf(JavaMember member) {
        if (member instanceof JavaField field) {
            return Stream.of(field.getType());
        }
        JavaCodeUnit unit = (JavaCodeUnit) member;
        return Stream.of(
                        Stream.of(unit.getReturnType()),
                        unit.getParameterTypes().stream(),
                        unit.getTypeParameters().stream(),
                        unit.getExceptionTypes().stream())
                .flatMap(types -> types);
    }

    private static void report(JavaClass owner, JavaClass used, String where, ConditionEvents events) {
        String name = used.getBaseComponentType().getName();
        if (HIDDEN_LIBRARIES.stream().anyMatch(library -> name.startsWith(library + "."))) {
            events.add(SimpleConditionEvent.violated(owner, where + " names " + name));
        }
    }
}
