package io.trafilo.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Trafilo;
import io.trafilo.netty.UdpListener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An application and all it needs in one jar, with Netty in another package, made by Maven's shade plugin with the settings
 * that the guide shows. The engine and the listener count as the application's own classes: they are not in a repository.
 */
final class ShadedJar {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern IN_REPOSITORY =
            Pattern.compile("(?<group>.+)/(?<artifact>[^/]+)/(?<version>[^/]+)/[^/]+");

    private static final String PROJECT = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>app</groupId>
              <artifactId>app</artifactId>
              <version>1</version>
              <dependencies>
            %s
              </dependencies>
              <build>
                <plugins>
                  <plugin>
                    <groupId>org.apache.maven.plugins</groupId>
                    <artifactId>maven-shade-plugin</artifactId>
                    <version>%s</version>
                    %s
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private ShadedJar() {}

    static Path of(Application application, Path directory) throws IOException, InterruptedException {
        Path classes = directory.resolve("target/classes");
        copy(application.classes, classes);
        for (Class<?> type : List.of(Trafilo.class, UdpListener.class)) {
            unpack(Application.placeOf(type), classes);
        }
        List<Path> jars = Application.dependencies().stream()
                .filter(each -> each.toString().endsWith(".jar"))
                .filter(each -> !each.getFileName().toString().startsWith("trafilo-"))
                .toList();
        Path repository = repositoryOf(jars);
        StringBuilder dependencies = new StringBuilder();
        jars.forEach(each -> dependencies.append(dependency(repository.relativize(each))));
        Files.writeString(
                directory.resolve("pom.xml"), PROJECT.formatted(dependencies, version("shade"), settingsOfTheGuide()));
        String jarPlugin = "org.apache.maven.plugins:maven-jar-plugin:" + version("jar") + ":jar";
        String shadePlugin = "org.apache.maven.plugins:maven-shade-plugin:" + version("shade") + ":shade";
        Jdk.run(
                ROOT.resolve("mvnw"),
                List.of(
                        "-q",
                        "-B",
                        "-f",
                        directory.resolve("pom.xml").toString(),
                        "-Dmaven.repo.local=" + repository,
                        jarPlugin,
                        shadePlugin));
        return directory.resolve("target/app-1.jar");
    }

    private static String settingsOfTheGuide() throws IOException {
        String guide = Files.readString(ROOT.resolve("docs/guide.md"));
        Matcher block = Pattern.compile("(?s)```xml\\n(<configuration>.*?)```").matcher(guide);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static String version(String plugin) throws IOException {
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        Matcher version =
                Pattern.compile("<" + plugin + "-plugin\\.version>([^<]+)<").matcher(pom);
        assertThat(version.find()).isTrue();
        return version.group(1);
    }

    /** The local repository: a jar is in a folder of its version, in one of its artifact, in those of its group. */
    private static Path repositoryOf(List<Path> jars) {
        Path netty = jars.stream()
                .filter(each -> each.getFileName().toString().startsWith("netty-common-"))
                .findFirst()
                .orElseThrow();
        Path group = netty.getParent().getParent().getParent();
        return group.getParent().getParent(); // of io.netty
    }

    private static String dependency(Path jar) {
        Matcher parts = IN_REPOSITORY.matcher(jar.toString());
        assertThat(parts.matches()).as("%s", jar).isTrue();
        String artifact = parts.group("artifact");
        String version = parts.group("version");
        String name = jar.getFileName().toString();
        String rest = name.substring((artifact + "-" + version).length(), name.length() - ".jar".length());
        String classifier = rest.isEmpty() ? "" : "<classifier>" + rest.substring(1) + "</classifier>";
        return "<dependency><groupId>" + parts.group("group").replace('/', '.') + "</groupId><artifactId>" + artifact
                + "</artifactId><version>" + version + "</version>" + classifier + "</dependency>\n";
    }

    private static void unpack(Path place, Path destination) throws IOException {
        if (Files.isDirectory(place)) {
            copy(place, destination);
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
                copy(jar.getPath("/"), destination);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.resolveSibling(""));
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
