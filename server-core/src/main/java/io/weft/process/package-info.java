/**
 * Child processes, pipes and signals, without stopping the loop. {@link
 * io.weft.process.CooperativeInputStream} is for whatever else is read by blocking, {@link
 * io.weft.process.MessagePipe} for children that one talks with.
 *
 * <pre>{@code
 * String system = Subprocess.checkOutput("uname", "-s").strip();
 *
 * try (var sort = Subprocess.command("sort").stdin(Stdio.PIPE).stdout(Stdio.PIPE).start()) {
 *     var result = sort.communicate("weft\nwarp\n", Duration.ofSeconds(10));
 *     System.out.print(result.output());
 * }
 *
 * try (var child = Subprocess.command("python3", "upper.py").socket("JOBS").start();
 *         var jobs = MessagePipe.over(child.socket("JOBS"))) {
 *     jobs.send("weft");
 *     System.out.println(jobs.receiveText());
 * }
 *
 * SignalHandler.on("USR1", () -> System.out.println("reopen the logs"));
 * }</pre>
 */
@NullMarked
package io.weft.process;

import org.jspecify.annotations.NullMarked;
