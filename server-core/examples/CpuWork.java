import io.weft.Weft;
import io.weft.pool.ThreadPool;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;

/** Computing stops a loop, so it goes to real threads; the loop's other coroutines go on. */
public class CpuWork {
    public static void main(String[] args) throws Exception {
        var numbers = List.of(2_000, 3_000, 4_000);
        Weft.run(
                () -> {
                    var heart =
                            Weft.spawn(
                                    () -> {
                                        for (int beats = 1; ; beats++) {
                                            Weft.sleep(Duration.ofMillis(10));
                                            if (beats == 1) {
                                                System.out.println("the loop goes on");
                                            }
                                        }
                                    });
                    try (var threads = new ThreadPool(2)) {
                        for (int digits : threads.map(numbers, CpuWork::digitsOfFactorial)) {
                            System.out.println(digits + " digits");
                        }
                    }
                    heart.kill();
                });
    }

    private static int digitsOfFactorial(int n) {
        var product = BigInteger.ONE;
        for (int i = 2; i <= n; i++) {
            product = product.multiply(BigInteger.valueOf(i));
        }
        return product.toString().length();
    }
}
