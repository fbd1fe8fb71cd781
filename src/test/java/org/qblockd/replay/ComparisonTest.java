// SPDX-License-Identifier: Apache-2.0
package org.qblockd.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.qblockd.qapi.json.JsonStream;

class ComparisonTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'a':1,'b':2} | {'b':2,'a':1} | true",
        "{'a':1} | {'a':1,'b':2} | false",
        "{'a':1,'b':2} | {'a':1} | false",
        "{'a':1} | {'a':'1'} | false",
        "[1,2] | [2,1] | false",
        "{'event':'E','timestamp':{'seconds':1}} | {'event':'E','timestamp':{'seconds':2}} | true",
        "{'timestamp':1} | {'timestamp':2} | false",
        "{'skip':1} | {'skip':2} | true",
        "{'skip':1} | {} | true",
        "['#block001','#block001'] | ['#block777','#block777'] | true",
        "['#block001','#block001'] | ['#block777','#block778'] | false",
        "{'return':'$ANY'} | {'return':[]} | true",
      })
  void tellsWhetherTwoMessagesSayTheSame(String expected, String got, boolean same)
      throws Exception {
    Comparison comparison = new Comparison(Set.of("skip"));
    assertThat(comparison.same(JsonStream.parse(expected), JsonStream.parse(got))).isEqualTo(same);
  }
}
