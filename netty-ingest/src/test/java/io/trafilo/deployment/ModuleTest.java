package io.trafilo.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That an application may be a module. {@link DeploymentSystemTest} also runs it. */
@Timeout(300)
class ModuleTest {
    @TempDir
    private Path directory;

    @Test
    void shouldCompileWithoutAWarningWhenAModuleRequiresTheListenerAlone() throws Exception {
        Application application = new Application(directory);
        application.compileAsModule(Jdk.ofTheTests());
        assertThat(application.classes.resolve("module-info.class")).exists();
    }
}
