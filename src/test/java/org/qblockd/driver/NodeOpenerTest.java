// SPDX-License-Identifier: Apache-2.0
package org.qblockd.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.block.BlockNode;

/** Sentences are those of QEMU 10.0.2, asked with the same options. */
final class NodeOpenerTest {
  @TempDir Path directory;
  private final OpenerFixture fixture = new OpenerFixture();
  private String raw = "";

  @BeforeEach
  void makeFiles() throws Exception {
    Path file = directory.resolve("a.raw");
    Files.write(file, new byte[1 << 20]);
    raw = file.toString();
  }

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
          {'driver':'null-co'} | 'node-name' must be specified for the root node
          {'driver':'null-co','node-name':'1a'} | Invalid node-name: '1a'
          {'driver':'null-co','node-name':'#block1'} | Invalid node-name: '#block1'
          {'driver':'raw','node-name':'n','file':'nosuch'} | Cannot find device='nosuch' nor node-name='nosuch'
          {'driver':'null-co','node-name':'n','latency-ns':-1} | latency-ns is invalid
          {'driver':'raw','node-name':'n','file':{'driver':'null-co','node-name':'n'}} | Duplicate nodes with node-name='n'
          {'driver':'raw','node-name':'n','file':{'driver':'null-co'},'force-share':true} | force-share=on can only be used with read-only images
          {'driver':'raw','node-name':'n','file':{'driver':'null-co'},'detect-zeroes':'unmap'} | setting detect-zeroes to unmap is not allowed without setting discard operation to unmap
          {'driver':'raw','node-name':'n','file':{'driver':'null-co','size':512},'offset':1024} | Offset (1024) cannot be greater than size of the containing file (512)
          {'driver':'raw','node-name':'n','file':{'driver':'null-co','size':512},'size':1024} | The sum of offset (0) and size (1024) has to be smaller or equal to the  actual size of the containing file (512)
          {'driver':'raw','node-name':'n','file':{'driver':'null-co'},'size':100} | Specified size is not multiple of 512
          {'driver':'file','node-name':'n','filename':''} | The 'file' block driver requires a file name
          {'driver':'file','node-name':'n','filename':'/dev/null'} | 'file' driver requires '/dev/null' to be a regular file
          {'driver':'file','node-name':'n','filename':'/nowhere/x'} | Could not open '/nowhere/x': No such file or directory
          {'driver':'file','node-name':'n','filename':'x','aio':'native'} | aio=native was specified, but it requires cache.direct=on, which was not specified.
          {'driver':'blkdebug','node-name':'n','image':{'driver':'null-co'},'align':511} | Cannot meet constraints with align 511
          {'driver':'blkdebug','node-name':'n','image':{'driver':'null-co'},'align':4096,'max-transfer':512} | Cannot meet constraints with max-transfer 512
          {'driver':'blkdebug','node-name':'n','image':{'driver':'null-co'},'config':'/nowhere'} | Could not read blkdebug config file: No such file or directory
          """)
  void typedOptionsAreRefusedInQemusWords(String json, String sentence) throws Exception {
    assertThat(fixture.refusal(json)).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          driver=xyz file=x | Unknown driver 'xyz'
          driver=raw | A block device must be specified for "file"
          driver=file | The 'file' block driver requires a file name
          x=y | Must specify either driver or file
          file=nope:x | Unknown protocol 'nope'
          file=/nowhere/x | Could not open '/nowhere/x': No such file or directory
          file=null-co://x | The only allowed filename for this driver is 'null-co://'
          driver=null-co foo=1 | Block protocol 'null-co' doesn't support the option 'foo'
          driver=raw file=null-co:// foo=1 | Block format 'raw' does not support the option 'foo'
          driver=raw file=null-co:// file.foo=1 | Block protocol 'null-co' doesn't support the option 'foo'
          driver=raw file=null-co:// file.filename=x | Can't specify 'file' and 'filename' options at the same time
          driver=raw file=null-co:// size=x | Parameter 'size' expects a non-negative number below 2^64
          driver=raw file=null-co:// read-only=x | Parameter 'read-only' expects 'on' or 'off'
          driver=raw file=null-co:// discard=x | Invalid discard option
          driver=raw file=null-co:// detect-zeroes=x | invalid parameter value: x
          driver=raw file=null-co:// backing.driver=raw | Driver doesn't support backing files
          driver=blkdebug | A block device must be specified for "image"
          file=blkdebug:x | blkdebug requires both config file and image path
          file=json:{} | Must specify either driver or file
          file=json:[] | Invalid JSON object given
          file=json:{"driver":"raw"} | A block device must be specified for "file"
          file=json:{"driver": | Could not parse the JSON options: JSON parse error, premature EOI
          """)
  void flatOptionsAreRefusedInQemusWords(String pairs, String sentence) throws Exception {
    assertThat(fixture.driveRefusal(pairs.split(" "))).isEqualTo(sentence);
  }

  @Test
  void aGuessedRawImageWarnsAndKeepsItsFirstSector() throws Exception {
    BlockNode node = fixture.drive("file=" + raw);
    assertThat(node.driver()).isEqualTo("raw");
    assertThat(fixture.standardError())
        .containsExactly(
            "WARNING: Image format was not specified for '" + raw + "' and probing guessed raw.",
            "         Automatically detecting the format is dangerous for raw images, write"
                + " operations on block 0 will be restricted.",
            "         Specify the 'raw' format explicitly to remove the restrictions.");
  }

  @Test
  void aGuessedImageThatIsReadOnlyDoesNotWarn() throws Exception {
    BlockNode node = fixture.drive("file=" + raw, "read-only=on");
    assertThat(node.readOnly()).isTrue();
    assertThat(fixture.standardError()).isEmpty();
  }

  @Test
  void childrenTakeOverWhatTheyAreNotTold() throws Exception {
    BlockNode node =
        fixture.drive(
            "driver=raw", "file=" + raw, "read-only=on", "cache.no-flush=on", "detect-zeroes=on");
    BlockNode file = node.children().getFirst().node();
    assertThat(file.readOnly()).isTrue();
    assertThat(file.options().cacheNoFlush()).isTrue();
    assertThat(file.options().discardUnmap()).isTrue();
    assertThat(file.options().detectZeroes()).isEqualTo(org.qblockd.block.DetectZeroes.OFF);
    assertThat(node.options().discardUnmap()).isFalse();
  }

  @Test
  void theFileIsNamedBeforeTheFormatAndAFilterBeforeItsImage() throws Exception {
    BlockNode node = fixture.drive("driver=raw", "file=blkdebug::" + raw);
    assertThat(fixture.graph().nodes().stream().map(BlockNode::driver))
        .containsExactly("blkdebug", "file", "raw");
    assertThat(node.name()).isEqualTo("#block242");
  }

  @Test
  void aReferenceTakesNoOtherOptions() throws Exception {
    BlockNode below = fixture.add("{'driver':'null-co','node-name':'n'}");
    assertThat(fixture.driveRefusal("driver=raw", "file.size=1M", "file=nodename")).isNotEmpty();
    BlockNode above = fixture.add("{'driver':'raw','node-name':'r','file':'n'}");
    assertThat(above.children().getFirst().node()).isSameAs(below);
    assertThat(
            fixture.driveRefusal("file=json:{\"driver\":\"raw\",\"file\":\"n\",\"file.size\":512}"))
        .isEqualTo(
            "Cannot reference an existing block device with additional options or a new filename");
  }

  @Test
  void failureClosesWhatWasOpened() throws Exception {
    String refusal =
        fixture.refusal(
            "{'driver':'raw','node-name':'n','offset':1099511627776,"
                + "'file':{'driver':'file','filename':'%s','node-name':'f'}}".formatted(raw));
    assertThat(refusal).startsWith("Offset (1099511627776)");
    assertThat(fixture.add("{'driver':'null-co','node-name':'f'}").name()).isEqualTo("f");
  }

  @Test
  void sectorsThatLookLikeAnotherFormatAreRefusedOnlyWhenTheFormatWasGuessed() throws Exception {
    DriverRegistry drivers =
        new DriverRegistry()
            .format("raw", () -> new Fake("raw", "", 1))
            .format("magic", () -> new Fake("magic", "MAGIC", 100));
    ByteBuffer head = ByteBuffer.allocate(512);
    assertThat(drivers.probe(head, "").name()).isEqualTo("raw");
    head.put("MAGIC".getBytes(StandardCharsets.US_ASCII)).clear();
    assertThat(drivers.probe(head, "").name()).isEqualTo("magic");
    assertThat(drivers.names()).isEqualTo(List.of("magic", "raw"));
  }

  private record Fake(String name, String magic, int score) implements BlockDriver {
    @Override
    public int probe(ByteBuffer head, String filename) {
      byte[] start = new byte[magic.length()];
      head.get(start);
      return new String(start, StandardCharsets.US_ASCII).equals(magic) ? score : 0;
    }

    @Override
    public org.qblockd.block.NodeOps open(OpenRequest request) {
      throw new UnsupportedOperationException();
    }
  }
}
