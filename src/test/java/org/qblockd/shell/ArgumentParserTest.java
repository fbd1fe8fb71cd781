// SPDX-License-Identifier: Apache-2.0
package org.qblockd.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.qapi.Introspection;
import org.qblockd.qapi.json.JsonStream;

class ArgumentParserTest {
  private final ArgumentParser parser = new ArgumentParser(new SchemaView(Introspection.schema()));

  private Object parsed(String line) throws Exception {
    List<String> words = Words.of(line).full();
    return parser.parse(words.getFirst(), words.subList(1, words.size()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // What the schema asks for, not what it looks like.
        "blockdev-add driver=null-co node-name=7 size=7 |"
            + " {'driver':'null-co','node-name':'7','size':7}",
        "blockdev-add size=0x10 driver=null-co | {'size':16,'driver':'null-co'}",
        "blockdev-add driver=raw file.driver=file file.filename=1 "
            + "| {'driver':'raw','file':{'driver':'file','filename':'1'}}",
        "blockdev-add driver=raw file=n | {'driver':'raw','file':'n'}",
        "blockdev-add driver=qcow2 backing=null file=n |"
            + " {'driver':'qcow2','backing':null,'file':'n'}",
        "blockdev-add driver=null-co read-only=on | {'driver':'null-co','read-only':true}",
        // Lists.
        "blockdev-add driver=quorum children.0=a children.1=b vote-threshold=1 "
            + "| {'driver':'quorum','children':['a','b'],'vote-threshold':1}",
        "x-fault-add id=f node-name=n operations=read,write rate=0.5 "
            + "| {'id':'f','node-name':'n','operations':['read','write'],'rate':0.5}",
        "blockdev-reopen options=[{'driver':'raw'}] | {'options':[{'driver':'raw'}]}",
        // JSON, quotes, and what nobody knows.
        "blockdev-add {'driver':'raw'} node-name=\"a b\" | {'driver':'raw','node-name':'a b'}",
        "unknown a=1 b=true c=x d=1.5 e.f=null | {'a':1,'b':true,'c':'x','d':1.5,'e':{'f':null}}",
      })
  void readsKeysAndValues(String line, String expected) throws Exception {
    assertThat(parsed(line)).isEqualTo(JsonStream.parse(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "blockdev-add driver | 'driver' is not KEY=VALUE",
        "blockdev-add a=1 a=2 | 'a=2': 'a' is given twice",
        "blockdev-add a=1 a.b=2 | 'a.b=2': 'a' has a value already",
      })
  void saysWhatIsWrong(String line, String sentence) {
    assertThatThrownBy(() -> parsed(line))
        .isInstanceOf(ArgumentParser.BadLine.class)
        .hasMessage(sentence);
  }

  @Test
  void knowsWhenMoreIsToCome() {
    assertThat(Words.of("a {'b': [1,").open()).isTrue();
    assertThat(Words.of("a b=\"c").open()).isTrue();
    assertThat(Words.of("a {'b': '}'}").open()).isFalse();
  }
}
