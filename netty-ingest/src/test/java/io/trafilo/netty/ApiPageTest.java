package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/api.md names every exported type of this module once, and none that does not exist. */
class ApiPageTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Pattern SECTION = Pattern.compile("(?m)^## .*`([\\w.]+)`$");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| \\S.* \\|$");
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("(?m)^public (?:[\\w-]+ )*(?:class|interface|enum|record|@interface) (\\w+)");

    @ParameterizedTest
    @ValueSource(strings = "io.trafilo.netty")
    void shouldNameEveryPublicTypeOfAnExportedPackageOnce(String packageName) throws IOException {
        List<String> exported = publicTypes(packageName);
        assertThat(exported).isNotEmpty();
        assertThat(typesOnThePage(packageName)).containsExactlyInAnyOrderElementsOf(exported);
    }

    @Test
    void shouldHaveASectionForEachPackageThatIsExported() throws IOException {
        String module = Files.readString(MODULE.resolve("src/main/java/module-info.java"));
        Matcher exports = Pattern.compile("(?m)^\\s*exports ([\\w.]+);").matcher(module);
        List<String> exported = exports.results().map(match -> match.group(1)).toList();
        assertThat(exported).hasSize(1);
        assertThat(SECTION.matcher(page()).results().map(match -> match.group(1)))
                .containsAll(exported);
    }

    private static List<String> typesOnThePage(String packageName) throws IOException {
        String page = page();
        Matcher sections = SECTION.matcher(page);
        while (sections.find()) {
            if (sections.group(1).equals(packageName)) {
                int next = page.indexOf("\n## ", sections.end());
                String section = page.substring(sections.end(), next < 0 ? page.length() : next);
                return ROW.matcher(section)
                        .results()
                        .map(match -> match.group(1))
                        .toList();
            }
        }
        return List.of();
    }

    private static String page() throws IOException {
        return Files.readString(MODULE.resolveSibling("docs").resolve("api.md"));
    }

    /** The public top-level types, by the sources of the package. */
    private static List<String> publicTypes(String packageName) throws IOException {
        List<String> types = new ArrayList<>();
        Path sources = MODULE.resolve("src/main/java").resolve(packageName.replace('.', '/'));
        try (Stream<Path> files = Files.list(sources)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                publicType(Files.readString(file)).ifPresent(types::add);
            }
        }
        return types;
    }

    private static Optional<String> publicType(String source) {
        return PUBLIC_TYPE
                .matcher(source)
                .results()
                .map(match -> match.group(1))
                .findFirst();
    }
}
