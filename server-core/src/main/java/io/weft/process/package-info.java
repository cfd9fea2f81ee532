/**
 * Child processes and signals, without stopping the loop.
 *
 * <pre>{@code
 * String system = Subprocess.checkOutput("uname", "-s").strip();
 *
 * try (var sort = Subprocess.command("sort").stdin(Stdio.PIPE).stdout(Stdio.PIPE).start()) {
 *     var result = sort.communicate("weft\nwarp\n", Duration.ofSeconds(10));
 *     System.out.print(result.output());
 * }
 *
 * SignalHandler.on("USR1", () -> System.out.println("reopen the logs"));
 * }</pre>
 */
@NullMarked
package io.weft.process;

import org.jspecify.annotations.NullMarked;
