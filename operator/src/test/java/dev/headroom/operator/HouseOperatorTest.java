package dev.headroom.operator;

import dev.headroom.testkit.house.HouseTest;

class HouseOperatorTest extends HouseTest {}
