package io.weft.net;

import io.weft.LoopGroup;
import io.weft.server.DatagramServer;
import io.weft.server.StreamServer;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A DNS server on loopback that knows what it is told (RFC 1035), on loops of its own. */
final class FakeDns implements AutoCloseable {
    private static final int A = 1;
    private static final int PTR = 12;
    private static final int AAAA = 28;

    private final LoopGroup group = LoopGroup.create(1);
    private final DatagramServer server;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Set<String> large = ConcurrentHashMap.newKeySet();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lost = new AtomicInteger(); // of those that are yet to come
    private volatile boolean deaf; // for TCP
    private final StreamServer tcp;

    FakeDns() throws IOException {
        DatagramServer datagrams = null;
        StreamServer streams = null;
        while (datagrams == null) { // until a port is free for both
            streams =
                    StreamServer.builder(this::answerByTcp)
                            .listen("127.0.0.1:0")
                            .group(group)
                            .bind();
            try {
                datagrams =
                        DatagramServer.builder(this::answerByDatagram)
                                .listen(Addresses.format(streams.address()))
                                .loop(group.next())
                                .bind();
            } catch (BindException e) {
                streams.close();
            }
        }
        server = datagrams;
        tcp = streams;
        System.setProperty("weft.dns.servers", Addresses.format(server.address()));
    }

    /** Knows an address of a host, in bytes: 4 or 16; tells them in the order in which it heard. */
    FakeDns host(String name, int... address) {
        learn(name + " " + (address.length == 4 ? A : AAAA), bytes(address));
        return this;
    }

    private void learn(String question, byte[] data) {
        records.computeIfAbsent(question, _ -> new CopyOnWriteArrayList<>()).add(data);
    }

    /** Knows the host of an address, given as its reverse name. */
    FakeDns pointer(String reverse, String host) {
        var name = new ByteArrayOutputStream();
        for (String label : host.split("\\.", -1)) {
            name.write(label.length());
            name.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        name.write(0);
        learn(reverse + " " + PTR, name.toByteArray());
        return this;
    }

    /** Keeps questions about {@code name} waiting until the latch is down. */
    CountDownLatch hold(String name) {
        var latch = new CountDownLatch(1);
        held.put(name, latch);
        return latch;
    }

    /** Whether a question about {@code name} has come. */
    boolean wasAsked(String name) {
        return asked.contains(name);
    }

    /** Has no room in a datagram for what it knows of {@code name}. */
    FakeDns cut(String name) {
        large.add(name);
        return this;
    }

    /** Never gets so many of the next datagrams, and from now on does not speak TCP. */
    FakeDns lose(int datagrams) {
        lost.set(datagrams);
        deaf = true;
        return this;
    }

    private void answerByDatagram(Datagram query) throws IOException, InterruptedException {
        if (lost.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            query.reply(answer(query.bytes(), true));
        }
    }

    private void answerByTcp(Connection connection) throws IOException, InterruptedException {
        if (deaf) {
            return;
        }
        int length = ByteBuffer.wrap(connection.readExactly(2)).getShort();
        byte[] answer = answer(connection.readExactly(length), false);
        connection.write(ByteBuffer.allocate(2).putShort((short) answer.length).array());
        connection.write(answer);
    }

    private static byte[] bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private byte[] answer(byte[] query, boolean datagram) throws IOException, InterruptedException {
        var in = ByteBuffer.wrap(query).position(12);
        var name = new StringBuilder();
        for (int length; (length = in.get()) > 0; ) {
            var label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = in.getShort();
        in.getShort(); // class
        asked.add(name.toString());
        var latch = held.get(name.toString());
        if (latch != null) {
            latch.await();
        }
        boolean cut = datagram && large.contains(name.toString());
        List<byte[]> answers = cut ? List.of() : records.getOrDefault(name + " " + type, List.of());
        boolean known = records.keySet().stream().anyMatch(key -> key.startsWith(name + " "));
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(ByteBuffer.wrap(query).getShort());
        out.writeShort(
                (known ? 0x8580 : 0x8583)
                        | (cut ? 0x0200 : 0)); // an authoritative answer, or: no such name
        out.writeShort(1);
        out.writeShort(answers.size());
        out.writeInt(0);
        out.write(query, 12, in.position() - 12);
        for (byte[] data : answers) {
            out.writeShort(0xc00c); // the question's name
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(60);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        System.clearProperty("weft.dns.servers");
        held.values().forEach(CountDownLatch::countDown);
        server.close();
        tcp.close();
        group.close();
    }
}
