// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.block.BlockNode;

/** Names are those that query-named-block-nodes of QEMU 10.0.2 shows. */
final class FileNamesTest {
  @TempDir Path directory;
  private final OpenerFixture fixture = new OpenerFixture();

  @AfterEach
  void end() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'driver':'null-co','node-name':'n'} | null-co://
          {'driver':'null-aio','node-name':'n','latency-ns':5} | null-aio://
          {'driver':'null-co','node-name':'n','size':1000} | json:{"driver": "null-co", "size": 1000}
          {'driver':'null-co','node-name':'n','read-zeroes':false} | json:{"read-zeroes": false, "driver": "null-co"}
          {'driver':'raw','node-name':'n','file':{'driver':'null-co'}} | null-co://
          {'driver':'raw','node-name':'n','file':{'driver':'raw','file':{'driver':'null-co'}}} | json:{"driver": "raw", "file": {"driver": "raw", "file": {"driver": "null-co"}}}
          {'driver':'raw','node-name':'n','offset':0,'file':{'driver':'null-co'}} | json:{"offset": 0, "driver": "raw", "file": {"driver": "null-co"}}
          {'driver':'blkdebug','node-name':'n','image':{'driver':'null-co'}} | blkdebug::null-co://
          {'driver':'blkdebug','node-name':'n','image':{'driver':'null-co'},'inject-error':[{'event':'read_aio','errno':5}]} | json:{"image": {"driver": "null-co"}, "driver": "blkdebug", "inject-error.0.event": "read_aio", "inject-error.0.errno": 5}
          """)
  void namesOfNodes(String json, String name) throws Exception {
    assertThat(fixture.nameOf(fixture.add(json))).isEqualTo(name);
  }

  @Test
  void optionsThatDoNotChangeTheContentDoNotShow() throws Exception {
    Path file = Files.write(directory.resolve("a"), new byte[4096]);
    BlockNode node =
        fixture.drive("file=file:" + file, "driver=raw", "file.locking=off", "read-only=on");
    assertThat(fixture.nameOf(node)).isEqualTo(file.toString());
    BlockNode part = fixture.drive("file=" + file, "driver=raw", "size=1k", "read-only=on");
    assertThat(fixture.nameOf(part))
        .isEqualTo(
            "json:{\"driver\": \"raw\", \"size\": \"1k\", \"file\": {\"driver\": \"file\","
                + " \"filename\": \""
                + file
                + "\"}}");
  }

  @Test
  void filteredNodesCountAsDepth() throws Exception {
    BlockNode filter =
        fixture.add("{'driver':'blkdebug','node-name':'n','image':{'driver':'null-co'}}");
    BlockNode format = fixture.add("{'driver':'raw','node-name':'r','file':'n'}");
    assertThat(FileNames.backingDepth(filter, false)).isEqualTo(1);
    assertThat(FileNames.backingDepth(format, false)).isZero();
  }
}
