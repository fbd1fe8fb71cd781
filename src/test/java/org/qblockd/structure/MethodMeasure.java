// SPDX-License-Identifier: Apache-2.0
package org.qblockd.structure;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a syntax tree and notes length and nesting of each method and the name of each type. A
 * method within a method (of an anonymous class) counts for itself, and its lines for the outer one
 * too. One use, one thread.
 */
final class MethodMeasure extends TreeScanner<@Nullable Void, @Nullable Void> {

  /**
   * What a method came to.
   *
   * @param name type and method, as in {@code Outer.Inner.method}
   * @param lines from its first modifier to its closing brace
   * @param nesting how many if, for, while, do, switch, try, synchronized or lambda bodies stand
   *     around the innermost one, itself counted; an else-if is no deeper than its if
   */
  record Method(String name, int lines, int nesting) {}

  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final List<Method> methods = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private String type = "";
  private int depth;
  private int deepest;

  MethodMeasure(CompilationUnitTree unit, SourcePositions positions) {
    this.unit = unit;
    this.positions = positions;
    scan(unit, null);
  }

  List<Method> methods() {
    return methods;
  }

  /** Simple names of all named types. */
  List<String> types() {
    return types;
  }

  @Override
  public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
    String outer = type;
    String name = tree.getSimpleName().toString();
    if (!name.isEmpty()) {
      types.add(name);
    }
    type = outer.isEmpty() ? name : outer + "." + (name.isEmpty() ? "(anonymous)" : name);
    super.visitClass(tree, null);
    type = outer;
    return null;
  }

  @Override
  public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
    int outerDepth = depth;
    int outerDeepest = deepest;
    depth = 0;
    deepest = 0;
    super.visitMethod(tree, null);
    if (tree.getBody() != null && positions.getStartPosition(unit, tree) >= 0) {
      String name = tree.getName().contentEquals("<init>") ? "new" : tree.getName().toString();
      methods.add(new Method(type + "." + name, lines(tree), deepest));
    }
    depth = outerDepth;
    deepest = outerDeepest;
    return null;
  }

  private int lines(Tree tree) {
    long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
    long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree) - 1);
    return (int) (last - first + 1);
  }

  private void inside(@Nullable Tree tree) {
    depth++;
    deepest = Math.max(deepest, depth);
    scan(tree, null);
    depth--;
  }

  @Override
  public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
    scan(tree.getCondition(), null);
    inside(tree.getThenStatement());
    if (tree.getElseStatement() instanceof IfTree chained) {
      scan(chained, null);
    } else if (tree.getElseStatement() != null) {
      inside(tree.getElseStatement());
    }
    return null;
  }

  @Override
  public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void nothing) {
    scan(tree.getInitializer(), null);
    scan(tree.getCondition(), null);
    scan(tree.getUpdate(), null);
    inside(tree.getStatement());
    return null;
  }

  @Override
  public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
    scan(tree.getExpression(), null);
    inside(tree.getStatement());
    return null;
  }

  @Override
  public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void nothing) {
    scan(tree.getCondition(), null);
    inside(tree.getStatement());
    return null;
  }

  @Override
  public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
    inside(tree.getStatement());
    scan(tree.getCondition(), null);
    return null;
  }

  @Override
  public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
    scan(tree.getExpression(), null);
    tree.getCases().forEach(this::inside);
    return null;
  }

  @Override
  public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
    scan(tree.getExpression(), null);
    tree.getCases().forEach(this::inside);
    return null;
  }

  @Override
  public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
    scan(tree.getResources(), null);
    inside(tree.getBlock());
    tree.getCatches().forEach(each -> inside(each.getBlock()));
    if (tree.getFinallyBlock() != null) {
      inside(tree.getFinallyBlock());
    }
    return null;
  }

  @Override
  public @Nullable Void visitSynchronized(SynchronizedTree tree, @Nullable Void nothing) {
    scan(tree.getExpression(), null);
    inside(tree.getBlock());
    return null;
  }

  @Override
  public @Nullable Void visitLambdaExpression(LambdaExpressionTree tree, @Nullable Void nothing) {
    if (tree.getBodyKind() == LambdaExpressionTree.BodyKind.STATEMENT) {
      inside(tree.getBody());
    } else {
      scan(tree.getBody(), null);
    }
    return null;
  }
}
