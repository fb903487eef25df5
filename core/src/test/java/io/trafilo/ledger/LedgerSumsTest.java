package io.trafilo.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The sums that a snapshot checks are those that the documents promise. */
class LedgerSumsTest {
    @Test
    void shouldCheckTheSumsThatTheSemanticsPromise() throws IOException {
        Path docs = Path.of("").toAbsolutePath().resolveSibling("docs");
        String semantics = Files.readString(docs.resolve("semantics.md")).replaceAll(" +", " ");
        assertThat(LedgerSnapshot.SUMS).hasSize(5).allSatisfy(sum -> assertThat(semantics)
                .contains("\n " + sum + "\n"));
    }
}
