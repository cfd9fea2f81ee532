import io.weft.Weft;
import io.weft.process.Subprocess;
import java.time.Duration;

/** A coroutine goes on while a child process runs. */
public class SubprocessCron {
    public static void main(String[] args) throws Exception {
        Weft.run(
                () -> {
                    var cron =
                            Weft.spawn(
                                    () -> {
                                        while (true) {
                                            System.out.println("cron");
                                            Weft.sleep(Duration.ofMillis(200));
                                        }
                                    });
                    System.out.print(Subprocess.checkOutput("sh", "-c", "sleep 1; uname"));
                    cron.kill();
                });
    }
}
