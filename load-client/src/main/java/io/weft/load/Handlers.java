package io.weft.load;

import io.netty.channel.ChannelHandler;

import java.util.List;

/** What one connection's bytes go through, the first nearest to the socket. */
record Handlers(List<ChannelHandler> codecs, Inlet inlet) {}
