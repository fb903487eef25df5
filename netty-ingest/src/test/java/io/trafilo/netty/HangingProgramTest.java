package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that close their engines, and end, while a callback hangs. */
@Timeout(120)
class HangingProgramTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"handler", "listener", "read"})
    void shouldEndWhenItsEnginesAreClosedAlthoughACallbackHangs(String what) throws IOException, InterruptedException {
        assertThat(new ChildJvm(List.of()).run(0, HangingProgram.class, what)).contains("closed");
    }
}
