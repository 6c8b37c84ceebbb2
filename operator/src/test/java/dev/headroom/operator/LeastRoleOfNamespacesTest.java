package dev.headroom.operator;

/** The same with the Roles that the chart grants in single namespaces: nothing else on the cluster can be read. */
class LeastRoleOfNamespacesTest extends LeastRoleTest {

    @Override
    String manifest() {
        return ChartRoles.NAMESPACED;
    }
}
