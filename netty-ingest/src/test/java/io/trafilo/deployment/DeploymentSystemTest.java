package io.trafilo.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs an application in each way that docs/guide.md describes under "Deployment", on this JDK and on a JDK 25. */
@Tag("slow")
@Timeout(600)
class DeploymentSystemTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("io.trafilo.deployment.Jdk#all")
    void shouldRunWhenTheApplicationIsAModule(Jdk jdk) throws Exception {
        Application application = new Application(directory);
        application.compileAsModule(jdk);
        String said = jdk.run(
                "java",
                arguments(
                        jdk,
                        "io.netty.common",
                        "--module-path",
                        modules(application),
                        "--add-modules",
                        Application.NATIVE_MODULE,
                        "--module",
                        "app/" + Application.MAIN));
        assertThat(said).contains(Application.success()).doesNotContain("WARNING");
    }

    @ParameterizedTest
    @MethodSource("io.trafilo.deployment.Jdk#all")
    void shouldRunWhenTheApplicationIsOnTheClassPath(Jdk jdk) throws Exception {
        Application application = new Application(directory);
        application.compilePlain(jdk);
        String said =
                jdk.run("java", arguments(jdk, "ALL-UNNAMED", "--class-path", modules(application), Application.MAIN));
        assertThat(said).contains(Application.success()).doesNotContain("WARNING");
    }

    @ParameterizedTest
    @MethodSource("io.trafilo.deployment.Jdk#all")
    void shouldRunWhenTheApplicationIsAnImageOfJlink(Jdk jdk) throws Exception {
        Application application = new Application(directory);
        application.compileAsModule(jdk);
        Path agrona = Application.dependencies().stream()
                .filter(each -> each.getFileName().toString().startsWith("agrona-"))
                .findFirst()
                .orElseThrow();
        String modules = modules(application).replace(agrona.toString(), withDescriptor(agrona, jdk));
        Path image = directory.resolve("image");
        jdk.run(
                "jlink",
                List.of(
                        "--module-path",
                        modules,
                        "--add-modules",
                        "app," + Application.NATIVE_MODULE,
                        "--output",
                        image.toString()));
        String said = Jdk.run(
                image.resolve("bin/java"),
                arguments(
                        jdk,
                        "io.netty.common",
                        "--add-modules",
                        Application.NATIVE_MODULE,
                        "--module",
                        "app/" + Application.MAIN));
        assertThat(said).contains(Application.success()).doesNotContain("WARNING");
    }

    @Test
    void shouldRunWhenTheApplicationIsShadedAndNettyRelocated() throws Exception {
        Application application = new Application(directory);
        application.compilePlain(Jdk.ofTheTests());
        Path jar = ShadedJar.of(application, directory);
        for (Jdk jdk : Jdk.all()) {
            String said =
                    jdk.run("java", arguments(jdk, "ALL-UNNAMED", "--class-path", jar.toString(), Application.MAIN));
            assertThat(said).as("%s", jdk).contains(Application.success()).doesNotContain("WARNING");
        }
    }

    /** A copy of an automatic module's jar, with the descriptor that jlink asks for. */
    private String withDescriptor(Path automatic, Jdk jdk) throws Exception {
        String jar = Files.copy(automatic, directory.resolve("agrona.jar")).toString();
        String descriptors = directory.resolve("descriptors").toString();
        jdk.run("jdeps", List.of("--generate-module-info", descriptors, jar));
        String source = Path.of(descriptors, "org.agrona", "module-info.java").toString();
        jdk.run("javac", List.of("--patch-module", "org.agrona=" + jar, "-d", descriptors, source));
        jdk.run("jar", List.of("--update", "--file", jar, "-C", descriptors, "module-info.class"));
        return jar;
    }

    private static String modules(Application application) throws IOException {
        List<Path> all = new ArrayList<>(Application.dependencies());
        all.add(application.classes);
        return Application.path(all);
    }

    /** Newer JVMs warn of native libraries, here Netty's, unless they are told of it. */
    private static List<String> arguments(Jdk jdk, String nativeAccess, String... others) {
        Stream<String> flag = jdk.feature() >= 24 ? Stream.of("--enable-native-access=" + nativeAccess) : Stream.of();
        return Stream.concat(flag, Stream.of(others)).toList();
    }
}
